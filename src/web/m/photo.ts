// A photo as it goes to the house: small, as JPEG, and without what the camera writes into it
// (place, time, telephone): drawn anew on a canvas, nothing of that is left.
const longestSide = 1600;
const mostBytes = 300 * 1024;

function load(file: Blob): Promise<HTMLImageElement> {
  return new Promise((done, fail) => {
    const image = new Image();
    const url = URL.createObjectURL(file);
    image.onload = () => (URL.revokeObjectURL(url), done(image));
    image.onerror = () => (URL.revokeObjectURL(url), fail(new Error("no picture")));
    image.src = url;
  });
}

export function drawn(image: HTMLImageElement, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export function blobOf(canvas: HTMLCanvasElement, type: string, quality?: number):
  Promise<Blob | null> {
  return new Promise((done) => canvas.toBlob(done, type, quality));
}

export function base64Of(blob: Blob): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(`${reader.result}`.replace(/^[^,]*,/, ""));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(blob);
  });
}

// Nothing: it is no picture that this telephone can read.
export async function shrunk(file: Blob): Promise<string | undefined> {
  const image = await load(file).catch(() => undefined);
  if (!image) return undefined;
  for (let longest = longestSide; longest >= 400; longest = Math.round(longest * 0.75)) {
    const canvas = drawn(image, longest);
    for (const quality of [0.8, 0.6]) {
      const blob = await blobOf(canvas, "image/jpeg", quality);
      if (blob && blob.size <= mostBytes) return base64Of(blob);
    }
  }
  return undefined;
}

// What its QR code says, where the browser reads them.
interface Detector {
  detect(image: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
declare global {
  var BarcodeDetector: (new (options: { formats: string[] }) => Detector) | undefined;
}

export const readsCodes = typeof globalThis.BarcodeDetector === "function";

export async function codeIn(file: Blob): Promise<string> {
  const image = await load(file).catch(() => undefined);
  if (!image || !globalThis.BarcodeDetector) return "";
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code", "code_128"] });
  const found = await detector.detect(image).catch(() => []);
  return found[0]?.rawValue ?? "";
}
