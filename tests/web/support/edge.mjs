// The hotline's edge, played by the test: SIP over the WebSocket of a page's telephone.
const sdp = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 8",
  "c=IN IP4 127.0.0.1", "a=rtpmap:8 PCMA/8000", "a=ice-ufrag:edge", "a=ice-pwd:of-the-edge-of-the-hotline-00",
  `a=fingerprint:sha-256 ${Array(32).fill("AA").join(":")}`, "a=setup:actpass", "a=mid:0", "a=sendrecv",
  "a=rtcp-mux", ""].join("\r\n");

const line = (message, name) => new RegExp(`^${name}: *(.*)$`, "mi").exec(message)?.[1].trim() ?? "";
const lines = (message, name) => [...message.matchAll(new RegExp(`^${name}:.*$`, "gmi"))].map((each) => each[0].trim());

export class Edge {
  heard = []; // requests and answers of the page, first lines
  registered = 0;
  refusal = ""; // with which it answers who registers
  #socket;
  #contact = "";
  #isUp = true;
  #invite = "";
  #asked = 0;

  constructor(context, address) {
    this.ready = context.routeWebSocket(address, (socket) => {
      if (!this.#isUp) return socket.close();
      this.#socket = socket;
      socket.onMessage((text) => this.#hears(`${text}`));
    });
  }

  cut() {
    this.#isUp = false;
    this.#socket?.close();
  }

  mend() {
    this.#isUp = true;
  }

  // The house rings her for that call, or to listen to it.
  rings(call, listens = false) {
    this.#asked += 1;
    this.#invite = [`INVITE ${this.#contact} SIP/2.0`, `Via: SIP/2.0/WSS edge.invalid;branch=z9hG4bK-i${this.#asked}`,
      "Max-Forwards: 70", `From: <sip:12349@hotline.invalid>;tag=h${this.#asked}`, "To: <sip:zhangmin@hotline.invalid>",
      `Call-ID: c${this.#asked}`, `CSeq: ${this.#asked} INVITE`, "Contact: <sip:engine@edge.invalid;transport=ws>",
      `X-Call: ${call}`, ...(listens ? ["X-Listen: 1"] : []), "Content-Type: application/sdp", `Content-Length: ${sdp.length}`, "", sdp].join("\r\n");
    this.#socket.send(this.#invite);
  }

  // The caller has hung up: before she answered, or in the talk.
  givesUp() {
    const [head] = this.#invite.split("\r\n\r\n");
    const kept = head.split("\r\n").filter((each) => !/^(Content-|X-Call|Contact)/.test(each)).join("\r\n");
    this.#socket.send(`${kept.replace(/^INVITE/, "CANCEL").replace("INVITE", "CANCEL")}\r\nContent-Length: 0\r\n\r\n`);
  }

  hangsUp() {
    this.#asked += 1;
    this.#send("BYE", 90 + this.#asked);
  }

  #send(method, sequence) {
    const to = line(this.answer, "To");
    this.#socket.send([`${method} ${this.#contact} SIP/2.0`, `Via: SIP/2.0/WSS edge.invalid;branch=z9hG4bK-${method}${this.#asked}`,
      "Max-Forwards: 70", lines(this.#invite, "From")[0], `To: ${to}`, lines(this.#invite, "Call-ID")[0],
      `CSeq: ${sequence} ${method}`, "Content-Length: 0", "", ""].join("\r\n"));
  }

  #hears(text) {
    if (text.trim() === "") return;
    this.heard.push(text.slice(0, text.indexOf("\r\n")));
    if (text.startsWith("REGISTER ")) this.#registers(text);
    else if (/^(BYE|ACK|CANCEL) /.test(text)) this.#answers(text, "200 OK");
    else if (/^SIP\/2\.0 200 /.test(text) && / INVITE/.test(line(text, "CSeq"))) {
      this.answer = text;
      this.#send("ACK", Number.parseInt(line(text, "CSeq"), 10));
    }
  }

  #registers(text) {
    this.#contact = /<([^>]+)>/.exec(line(text, "Contact"))[1];
    if (this.refusal) return this.#answers(text, this.refusal);
    this.registered += 1;
    this.#answers(text, "200 OK", [`Contact: <${this.#contact}>;expires=100`]);
  }

  #answers(text, status, more = []) {
    if (text.startsWith("ACK ")) return;
    this.#socket.send([`SIP/2.0 ${status}`, ...lines(text, "Via"), ...lines(text, "From"), `To: ${line(text, "To")};tag=e`,
      ...lines(text, "Call-ID"), ...lines(text, "CSeq"), ...more, "Content-Length: 0", "", ""].join("\r\n"));
  }
}
