// Runs inside the frame that stands in for a worker; see iframe-worker.js.
"use strict";
window.postMessage = (message, origin) => parent.postMessage(message, origin || "*");
window.importScripts = (...addresses) =>
  addresses.reduce(
    (before, address) =>
      before.then(
        () =>
          new Promise((done) => {
            const script = document.createElement("script");
            script.src = address;
            script.onload = done;
            document.body.appendChild(script);
          }),
      ),
    Promise.resolve(),
  );
