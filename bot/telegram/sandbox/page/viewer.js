// Pictures, in the bubble and full screen, kept sharp: a blurred QR code does not scan.

import { h, icon, dialog } from "./dom.js";
import { fileURL } from "./api.js";

// keepSharp picks the scaling: whole pixels when the picture is enlarged, smoothing when it is reduced.
function keepSharp(img) {
  const enlarged = img.clientWidth * devicePixelRatio >= img.naturalWidth;
  img.style.imageRendering = enlarged ? "pixelated" : "auto";
}

export function photoButton(photo, caption) {
  const img = h("img", { alt: caption || "Photo", width: photo.width, height: photo.height, decoding: "async" });
  img.addEventListener("load", () => keepSharp(img));
  img.src = fileURL(photo.file_id);
  const el = h("button.photo", { test: "photo", "aria-label": "Open the photo", onclick: () => openViewer(photo, caption) }, img);
  el.dataset.file = photo.file_id;
  return el;
}

function openViewer(photo, caption) {
  const img = h("img", { src: fileURL(photo.file_id), alt: caption || "Photo" });
  const fit = () => {
    if (!img.naturalWidth) return;
    const dpr = devicePixelRatio;
    const room = { w: innerWidth * dpr - 32 * dpr, h: (innerHeight - 128) * dpr };
    const scale = Math.min(room.w / img.naturalWidth, room.h / img.naturalHeight, 4);
    // A little larger is not worth uneven pixels.
    const step = scale >= 1 && scale < 1.15 ? 1 : scale;
    img.style.width = `${(img.naturalWidth * step) / dpr}px`;
    img.style.imageRendering = scale >= 1 ? "pixelated" : "auto";
  };
  img.addEventListener("load", fit);
  addEventListener("resize", fit);
  const box = dialog("viewer", "Photo", [
    h("div.viewer-bar", null,
      h("a.round", { href: fileURL(photo.file_id), download: "photo", "aria-label": "Save the photo" }, icon("download")),
      h("button.round", { "aria-label": "Close", onclick: () => box.close(), autofocus: true }, icon("close"))),
    h("div.viewer-stage", { onclick: (e) => e.target !== img && box.close() }, img),
  ], { test: "viewer", onclose: () => removeEventListener("resize", fit) });
}
