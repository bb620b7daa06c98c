// A hotline of its own for one test: rtpengine, linli-mixer, linli-hotline and kamailio with the
// configuration that we deliver, on free ports of the loopback; the test is the dispatch server.
import { execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { createSocket } from "node:dgram";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkout } from "./source.mjs";
import { Srtp } from "./srtp.mjs";

const linli = process.env.LINLI_PROGRAM ?? join(checkout, "build/ci/src/linli");
const program = join(dirname(linli), "hotline/linli-hotline");
const mixer = join(dirname(linli), "hotline/linli-mixer");
const has = (name) => (process.env.PATH ?? "").split(":").some((each) => existsSync(join(each, name)));
export const skip = existsSync(program) && existsSync(mixer) && ["kamailio", "rtpengine", "sipp"].every(has)
  ? false : "without linli-hotline, linli-mixer, kamailio, rtpengine and sipp";

const secret = "d0bb1e2f40c1b1f3c7a9e4d25f60718293a4b5c6d7e8f901";

async function until(what, say, milliseconds = 20_000) {
  const end = Date.now() + milliseconds;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`did not happen: ${say}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

async function freePorts(count) {
  const held = await Promise.all(Array.from({ length: count }, () => new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => done(server));
  })));
  const ports = held.map((each) => each.address().port);
  await Promise.all(held.map((each) => new Promise((done) => each.close(done))));
  return ports;
}

const opens = (port) => new Promise((done) => {
  const socket = connect(port, "127.0.0.1", () => socket.end(() => done(true)));
  socket.on("error", () => done(false));
});

// ------------------------------------------------------------------ what the engine is told
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);
const bytes = (field, value) => {
  const all = typeof value === "string" ? [...Buffer.from(value)] : value;
  return [...varint(field * 8 + 2), ...varint(all.length), ...all];
};
const number = (field, value) => [...varint(field * 8), ...varint(value)];

// Ring of proto/linli/hotline/v1, for 20 s.
const ring = (leg, address, call, isBrowser = true) => [...bytes(1, leg), ...bytes(2, address), ...bytes(3, number(1, 20)),
  ...bytes(4, [...bytes(1, "X-Call"), ...bytes(2, call)]), ...(isBrowser ? number(5, 1) : [])];

export class Hotline {
  #folder = mkdtempSync(join(tmpdir(), "linli-phone-"));
  #running = [];
  #told = Buffer.alloc(0);
  #commands = 0;
  #alive;

  static async start() {
    const one = new Hotline();
    await one.#start();
    return one;
  }

  async #start() {
    [this.sip, this.wss, this.ws, this.engine, this.ng, this.digits, this.mixer] = await freePorts(7);
    for (const each of ["calls", "sounds", "recordings"]) mkdirSync(join(this.#folder, each));
    for (const each of ["greeting", "music", "press_1"]) this.#tone(`sounds/${each}.wav`);
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", join(this.#folder, "key"), "-out", join(this.#folder, "crt"), "-subj", "/CN=localhost", "-days", "2"],
    { stdio: "ignore" });
    writeFileSync(join(this.#folder, "rtpengine.conf"), "[rtpengine]\n");
    const first = 32_000 + (process.pid % 40) * 100;
    this.#run("rtpengine", `--config-file=${join(this.#folder, "rtpengine.conf")}`, "--table=-1",
      "--interface=127.0.0.1", `--listen-ng=127.0.0.1:${this.ng}`, `--dtmf-log-dest=127.0.0.1:${this.digits}`,
      `--port-min=${first}`, `--port-max=${first + 99}`, `--recording-dir=${join(this.#folder, "recordings")}`,
      "--recording-method=pcap", "--num-threads=1", "--foreground", "--log-stderr");
    writeFileSync(join(this.#folder, "hotline.toml"), `[sip]
listen = "127.0.0.1:${this.engine}"
edge = "127.0.0.1:${this.sip}"
[rtpengine]
address = "127.0.0.1:${this.ng}"
digits = "127.0.0.1:${this.digits}"
[mixer]
address = "127.0.0.1:${this.mixer}"
[engine]
socket = "socket"
folder = "calls"
sounds = "sounds"
drain_s = 0
`);
    this.#run(mixer, "--port", `${this.mixer}`);
    this.#run(program, "--config", join(this.#folder, "hotline.toml"));
    this.#run("kamailio", "-f", join(checkout, "config/kamailio/kamailio.cfg"), "-DD", "-E", "-m", "64", "-M", "8",
      "-Y", this.#folder, ...["WITH_TLS", "WITH_BROWSERS", `CERTIFICATE="${join(this.#folder, "crt")}"`,
        `PRIVATE_KEY="${join(this.#folder, "key")}"`, `EDGE_PORT=${this.sip}`, `WSS_PORT=${this.wss}`,
        `WEBSOCKET_PORT=${this.ws}`, `ENGINE_PORT=${this.engine}`].flatMap((each) => ["-A", each]));
    await until(() => existsSync(join(this.#folder, "socket")), "the engine listens");
    await until(() => opens(this.wss), "the edge listens");
    this.socket = connect(join(this.#folder, "socket"));
    this.#alive = setInterval(() => this.#say(bytes(4, [])), 5000);
    this.socket.on("data", (more) => (this.#told = Buffer.concat([this.#told, more])));
  }

  #tone(name) {
    const samples = Buffer.alloc(16_000);
    for (let i = 0; i < 8000; ++i) samples.writeInt16LE(Math.round(3000 * Math.sin(i / 3)), 2 * i);
    const head = Buffer.alloc(44);
    head.write("RIFF", 0); head.writeUInt32LE(36 + samples.length, 4); head.write("WAVEfmt ", 8);
    head.writeUInt32LE(16, 16); head.writeUInt16LE(1, 20); head.writeUInt16LE(1, 22); head.writeUInt32LE(8000, 24);
    head.writeUInt32LE(16_000, 28); head.writeUInt16LE(2, 32); head.writeUInt16LE(16, 34); head.write("data", 36);
    head.writeUInt32LE(samples.length, 40);
    writeFileSync(join(this.#folder, name), Buffer.concat([head, samples]));
  }

  #run(command, ...more) {
    const log = [];
    const child = spawn(command, more, { env: { ...process.env, LINLI_EDGE_SECRET: secret }, detached: true });
    for (const each of [child.stdout, child.stderr]) each.on("data", (text) => log.push(text));
    this.#running.push({ child, log });
    return child;
  }

  words() {
    return this.#running.map(({ log }) => Buffer.concat(log).toString().slice(-1000)).join("\n----\n");
  }

  credentials(name) {
    const user = `${Math.floor(Date.now() / 1000) + 300}:${name}`;
    return { address: `sip:${name}@hotline.invalid`, user,
      password: createHmac("sha1", secret).update(user).digest("base64"), wss: `wss://127.0.0.1:${this.wss}/`,
      expiresAt: new Date(Date.now() + 300_000).toISOString() };
  }

  // Somebody calls the hotline with a telephone of another make, and speaks with `voice`; with a key, by SRTP.
  async calls(voice, key) {
    const attribute = key ? `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}` : "a=sendrecv";
    const whereTo = this.#telephone("caller_moves", voice, "-key", "number", "13800000001",
      "-key", "elsewhere", `${voice.port}`, "-key", "carried", key ? "RTP/SAVP" : "RTP/AVP",
      "-key", "key", attribute, "-key", "next_key", attribute);
    if (key) voice.isSecret(key, whereTo.hearsBy);
    const named = () => /h[0-9a-f]+-1/.exec(this.#told.toString("latin1"))?.[0];
    await until(() => named() && whereTo() > 0, "the engine picks up");
    voice.speaks(whereTo);
    return named();
  }

  // One that follows a scenario; says where its voice is to go, 0 as long as it doesn't know.
  #telephone(scenario, voice, ...more) {
    const log = join(this.#folder, `${scenario}.log`);
    this.#run("sipp", `127.0.0.1:${this.sip}`, "-sf", join(checkout, `tests/hotline/scenarios/${scenario}.xml`),
      "-i", "127.0.0.1", "-m", "1", "-key", "rtp", `${voice.port}`, ...more, "-nostdin", "-trace_logs", "-log_file", log);
    const last = (words) => (existsSync(log) ? [...readFileSync(log, "utf8").matchAll(words)].pop()?.[1] : undefined);
    return Object.assign(() => Number(last(/send to (\d+)/g) ?? 0), { hearsBy: () => last(/hears by (\S+)/g) });
  }

  rings(name, leg, address, call) {
    this.#command(name, bytes(5, ring(leg, address, call)));
  }

  // A seat with a telephone of another make takes the call.
  async ringsTelephone(name, voice) {
    const [port] = await freePorts(1);
    const whereTo = this.#telephone("leg_answers", voice, "-p", `${port}`);
    this.#command(name, bytes(5, ring("seat-1", `sip:seat@127.0.0.1:${port}`, name, false)));
    await until(() => whereTo() > 0, "the seat is rung");
    voice.speaks(whereTo);
  }

  listens(name, leg, address, call) {
    this.#command(name, bytes(17, bytes(1, ring(leg, address, call))));
  }

  // Somebody with a telephone of another make comes to the talk, and all three speak.
  async addsThird(name, voice) {
    const [port] = await freePorts(1);
    const whereTo = this.#telephone("leg_answers", voice, "-p", `${port}`);
    const rung = ring("third-1", `sip:third@127.0.0.1:${port}`, name, false);
    this.#command(name, bytes(14, [...bytes(1, rung), ...number(2, 1)]));
    await until(() => whereTo() > 0, "the third is rung");
    voice.speaks(whereTo);
  }

  parks(name) {
    this.#command(name, bytes(7, []));
  }

  dropsThird(name) {
    this.#command(name, bytes(6, bytes(1, "third-1")));
  }

  #command(name, what) {
    this.#commands += 1;
    this.#say(bytes(1, [...bytes(1, `k${this.#commands}`), ...bytes(2, name), ...what]));
  }

  #say(message) {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(message.length);
    this.socket.write(Buffer.concat([head, Buffer.from(message)]));
  }

  stop() {
    clearInterval(this.#alive);
    this.socket?.destroy();
    for (const { child } of this.#running)
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch { /* it has ended */ }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

// ------------------------------------------------------------------ the caller's voice: A-law, loud
const alaw = (byte) => {
  const value = byte ^ 0x55;
  const exponent = (value & 0x70) >> 4;
  const mantissa = (value & 0x0f) << 4;
  return exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
};

export class Voice {
  static stream = 0x1234; // its SSRC
  heard = 0; // packets that weren't silent
  #socket = createSocket("udp4");
  #timer;
  #whereTo;
  #sent = 0;
  #secret; // it speaks by SRTP
  #hearsBy = () => undefined;
  #hears;

  static async open() {
    const one = new Voice();
    await new Promise((done) => one.#socket.bind(0, "127.0.0.1", done));
    one.port = one.#socket.address().port;
    return one;
  }

  isSecret(key, hearsBy) {
    this.#secret = new Srtp(key);
    this.#hearsBy = hearsBy;
  }

  // Only since now.
  listens() {
    this.heard = 0;
    this.#socket.removeAllListeners("message");
    this.#socket.on("message", (received) => {
      const packet = this.#clear(received);
      if (!packet) return;
      let power = 0;
      for (const byte of packet.subarray(12)) power += alaw(byte) ** 2;
      if (packet.length > 12 && Math.sqrt(power / (packet.length - 12)) > 500) this.heard += 1;
    });
  }

  #clear(packet) {
    if (!this.#secret) return packet;
    const key = this.#hearsBy();
    if (!key) return undefined;
    if (this.#hears?.inline !== key) this.#hears = new Srtp(key);
    return this.#hears.unprotect(packet);
  }

  // Without a word where to: on where it was quiet. A stream that counts from 0 again is none that a
  // browser takes for the same.
  speaks(whereTo = this.#whereTo) {
    this.#whereTo = whereTo;
    const packet = Buffer.alloc(172);
    packet[0] = 0x80;
    packet[1] = 8;
    packet.writeUInt32BE(Voice.stream, 8);
    this.#timer = setInterval(() => {
      const port = whereTo();
      if (!port) return;
      packet.writeUInt16BE(this.#sent & 0xffff, 2);
      packet.writeUInt32BE(this.#sent * 160, 4);
      for (let i = 0; i < 160; ++i) packet[12 + i] = (i >> 3) & 1 ? 0x2a : 0xaa; // 500 Hz, loud
      this.#sent += 1;
      this.#socket.send(this.#secret ? this.#secret.protect(packet) : packet, port, "127.0.0.1");
    }, 20);
  }

  isQuiet() {
    clearInterval(this.#timer);
  }

  close() {
    this.isQuiet();
    this.#socket.close();
  }
}
