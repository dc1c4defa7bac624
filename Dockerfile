# A static program in an empty image. Certificate roots and time zones are compiled in.
#
#   docker build --build-arg COMMIT="$(git rev-parse HEAD)" -t esimbot .
#
# .git is not in the context, so the commit is told; without it the version is a sum over the sources.
# The base is named by tag: its digest has to be looked up where the registry can be reached
# (docker buildx imagetools inspect golang:1.26-bookworm), and then written behind the tag with an @.
FROM golang:1.26-bookworm AS build
ARG COMMIT
WORKDIR /src
COPY . .
# What is downloaded and compiled stays in caches of the builder's, and in no layer.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    COMMIT="${COMMIT:-tree-$(find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-12)}" \
 && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -X main.commit=$COMMIT" -o /out/esimbot ./cmd/esimbot \
 && mkdir -p /out/data /out/tmp /out/etc \
 && echo 'esimbot:x:65532:65532::/data:/sbin/nologin' > /out/etc/passwd \
 && echo 'esimbot:x:65532:' > /out/etc/group

FROM scratch
ARG COMMIT
LABEL org.opencontainers.image.title="esimbot" \
      org.opencontainers.image.description="A travel-eSIM shop inside Telegram: an eSIM or your money back." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="$COMMIT"
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
# There is no shell in here: the program asks itself.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/esimbot", "health"]
ENTRYPOINT ["/esimbot"]
CMD ["serve"]
