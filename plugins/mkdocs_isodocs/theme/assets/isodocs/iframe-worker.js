// A page on a disk may not start a worker, so the search runs in a hidden frame instead.
// After iframe-worker 1.0.4 by Martin Donath (MIT, see NOTICE.txt), without inline scripts.
(() => {
  "use strict";
  const frameScript = new URL("worker-frame.js", document.currentScript.src).href;
  class FrameWorker extends EventTarget {
    constructor(address) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      const inner = this.frame.contentDocument;
      inner.open();
      inner.write("<!doctype html><html><body></body></html>");
      inner.close();
      addEventListener("message", (event) => {
        if (event.source !== this.frame.contentWindow) return;
        this.dispatchEvent(new MessageEvent("message", { data: event.data }));
        if (this.onmessage) this.onmessage(event);
      });
      this.ready = this.load(frameScript).then(() => this.load(String(address)));
    }
    load(address) {
      return new Promise((done, failed) => {
        const script = this.frame.contentDocument.createElement("script");
        script.src = address;
        script.onload = done;
        script.onerror = failed;
        this.frame.contentDocument.body.appendChild(script);
      });
    }
    postMessage(data) {
      this.ready.then(() =>
        this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })),
      );
    }
    terminate() {
      this.frame.remove();
    }
  }
  if (location.protocol === "file:") window.Worker = FrameWorker;
})();
