// One voice: the highest that nobody has claimed. Tones are made, not loaded, and rendered once
// into loops, so that no timer of a page in the background has to be on time.
export type Tone = "p1" | "p2" | "p3" | "stale" | "awake" | "call";

interface Pulse {
  at: number;
  hz: number;
  long: number;
}

interface Pattern {
  pulses: Pulse[];
  every: number; // seconds; 0: once
}

const pulses = (hz: number, long: number, ...at: number[]): Pulse[] =>
  at.map((each) => ({ at: each, hz, long }));

// The patterns of console.md: three and two pulses each 5 s, three each 15 s, one chime.
export const patterns: Record<Tone, Pattern> = {
  p1: { pulses: pulses(880, 0.15, 0, 0.25, 0.5, 0.95, 1.2), every: 5 },
  p2: { pulses: pulses(587, 0.2, 0, 0.4, 0.8), every: 15 },
  p3: { pulses: pulses(440, 0.5, 0), every: 0 },
  awake: { pulses: [...pulses(523, 0.25, 0, 0.3), ...pulses(784, 0.5, 0.6)], every: 4 },
  call: { pulses: [...pulses(480, 0.35, 0, 0.5), ...pulses(620, 0.35, 0.05, 0.55)], every: 3 },
  stale: { pulses: [...pulses(330, 0.3, 0), ...pulses(262, 0.4, 0.35)], every: 10 },
};

function sampleAt(pulse: Pulse, at: number): number {
  const since = at - pulse.at;
  if (since < 0 || since > pulse.long) return 0;
  const edge = Math.min(since, pulse.long - since) / 0.01; // no click
  const wave = Math.sin(2 * Math.PI * pulse.hz * since);
  return Math.min(1, edge) * (0.7 * wave + 0.3 * Math.sin(4 * Math.PI * pulse.hz * since));
}

function longOf(pattern: Pattern): number {
  return Math.max(...pattern.pulses.map((pulse) => pulse.at + pulse.long)) + 0.2;
}

export function render(pattern: Pattern, rate: number): Float32Array {
  const last = Math.max(...pattern.pulses.map((pulse) => pulse.at + pulse.long));
  const samples = new Float32Array(Math.ceil((pattern.every || last) * rate));
  for (const pulse of pattern.pulses)
    for (let i = Math.floor(pulse.at * rate); i < (pulse.at + pulse.long) * rate; ++i)
      samples[i] = (samples[i] ?? 0) + sampleAt(pulse, i / rate);
  return samples;
}

export class Sound {
  #context: AudioContext | undefined;
  #volume: GainNode | undefined;
  #buffers = new Map<Tone, AudioBuffer>();
  #playing: { tone: Tone; source: AudioBufferSourceNode; again: boolean } | undefined;
  changed: () => void = () => undefined;

  get runs(): boolean {
    return this.#context?.state === "running";
  }

  get tone(): Tone | undefined {
    return this.#playing?.tone;
  }

  // For measurements: what goes to the speaker.
  get output(): AudioNode | undefined {
    return this.#volume;
  }

  // Within a click or a key press, or the browser refuses.
  async unlock(): Promise<boolean> {
    this.#context ??= this.#open();
    // Without a gesture it may never answer.
    const given = new Promise<void>((done) => setTimeout(done, 1000));
    await Promise.race([this.#context.resume().catch(() => undefined), given]);
    return this.runs;
  }

  // Keeps on what plays already: a new alert of the same class starts nothing anew.
  ring(tone: Tone | undefined, volume = 1): void {
    if (this.#volume) this.#volume.gain.value = volume;
    if (!tone && !this.#playing?.again) return; // a chime ends by itself
    if (this.#playing?.tone === tone && this.#playing?.again) return;
    this.#stop();
    if (tone && this.runs) this.#start(tone, patterns[tone].every > 0);
  }

  // Once, over whatever rings.
  chime(tone: Tone): Promise<void> {
    return new Promise((done) => {
      if (!this.runs || this.#playing) return done();
      const source = this.#start(tone, false);
      source.onended = () => {
        if (this.#playing?.source === source) this.#playing = undefined;
        done();
      };
    });
  }

  // In turn, at full volume: for the question whether they are heard.
  async audition(tones: readonly Tone[] = ["p1", "p2"]): Promise<void> {
    if (this.#volume) this.#volume.gain.value = 1;
    for (const tone of tones) {
      this.ring(undefined);
      await this.chime(tone);
    }
  }

  #open(): AudioContext {
    const context = new AudioContext();
    const volume = context.createGain();
    volume.connect(context.destination);
    this.#volume = volume;
    context.onstatechange = () => this.changed();
    return context;
  }

  #start(tone: Tone, again: boolean): AudioBufferSourceNode {
    const source = this.#context!.createBufferSource();
    source.buffer = this.#bufferOf(tone);
    source.loop = again;
    source.connect(this.#volume!);
    source.start();
    if (!again) source.stop(this.#context!.currentTime + longOf(patterns[tone]));
    this.#playing = { tone, source, again };
    if (!again) source.onended = () => this.#ended(source);
    return source;
  }

  #ended(source: AudioBufferSourceNode): void {
    if (this.#playing?.source === source) this.#playing = undefined;
  }

  #stop(): void {
    this.#playing?.source.stop();
    this.#playing?.source.disconnect();
    this.#playing = undefined;
  }

  #bufferOf(tone: Tone): AudioBuffer {
    const known = this.#buffers.get(tone);
    if (known) return known;
    const context = this.#context!;
    const samples = render(patterns[tone], context.sampleRate);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.getChannelData(0).set(samples);
    this.#buffers.set(tone, buffer);
    return buffer;
  }
}
