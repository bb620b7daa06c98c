// Her microphone while she sits at the telephone: asked for once, watched, and how loud she is.
export type Lost = "refused" | "gone";

export class Microphone {
  readonly #lost: (how: Lost) => void;
  #stream: MediaStream | undefined;
  #context: AudioContext | undefined;
  #meter: AnalyserNode | undefined;
  #samples = new Float32Array(1024);

  constructor(lost: (how: Lost) => void) {
    this.#lost = lost;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#look());
  }

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  // Within a click: the browser asks her the first time.
  async open(): Promise<Lost | "good"> {
    this.close();
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    } catch (error) {
      return (error as DOMException).name === "NotFoundError" ? "gone" : "refused";
    }
    const [track] = this.#stream.getAudioTracks();
    track?.addEventListener("ended", () => this.#isLost());
    this.#measure(this.#stream);
    return "good";
  }

  close(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop(); // tells of no end
    this.#stream = undefined;
    void this.#context?.close();
    this.#context = undefined;
  }

  // 0 … 1, as a meter shows it: 60 dB of it.
  level(): number {
    if (!this.#meter) return 0;
    this.#meter.getFloatTimeDomainData(this.#samples);
    let power = 0;
    for (const each of this.#samples) power += each * each;
    const db = 10 * Math.log10(power / this.#samples.length + 1e-9);
    return Math.min(1, Math.max(0, (db + 60) / 60));
  }

  #measure(stream: MediaStream): void {
    this.#context = new AudioContext();
    this.#meter = this.#context.createAnalyser();
    this.#meter.fftSize = this.#samples.length;
    this.#context.createMediaStreamSource(stream).connect(this.#meter);
  }

  // A headset that is pulled out isn't always told of by its track.
  async #look(): Promise<void> {
    const [track] = this.#stream?.getAudioTracks() ?? [];
    if (!track) return;
    const id = track.getSettings().deviceId;
    const all = await navigator.mediaDevices.enumerateDevices();
    const isThere = all.some((each) => each.kind === "audioinput" && (!id || each.deviceId === id));
    if (!isThere || track.readyState === "ended") this.#isLost();
  }

  async #isLost(): Promise<void> {
    if (!this.#stream) return;
    this.close();
    const asked = await navigator.permissions?.query({ name: "microphone" as PermissionName })
      .catch(() => undefined);
    this.#lost(asked?.state === "denied" ? "refused" : "gone");
  }
}
