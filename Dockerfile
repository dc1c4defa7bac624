# A static program in an empty image. Certificate roots and time zones are compiled in.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/esimbot ./cmd/esimbot \
 && mkdir -p /out/data /out/tmp /out/etc \
 && echo 'esimbot:x:65532:65532::/data:/sbin/nologin' > /out/etc/passwd \
 && echo 'esimbot:x:65532:' > /out/etc/group

FROM scratch
COPY --from=build /out/etc/ /etc/
COPY --from=build /out/esimbot /esimbot
# The volume is mounted here; Fly.io gives the mount point to the image's USER.
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER esimbot
WORKDIR /data
ENV DATABASE=/data/esimbot.db LISTEN=:8080 GOMEMLIMIT=150MiB
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/esimbot"]
CMD ["serve"]
