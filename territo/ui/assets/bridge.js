/* Between a page and its maps: the frame is written once, then only receives what is to be repainted. */
export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const root = parentElement.querySelector(".territo-maps");
  const bridge = (root.bridge = root.bridge || { ready: false });
  bridge.pick = (value) => setTriggerValue("pick", value);
  bridge.known = (value) => setStateValue("known", value);
  bridge.asked = data.asked;
  if (data.document && bridge.digest !== data.digest) { write(root, bridge, data); }
  if (!data.document && bridge.digest !== data.digest) { bridge.known(""); return; }
  if (bridge.ready) { bridge.frame.contentWindow.postMessage(bridge.asked, "*"); }
}

function write(root, bridge, data) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = data.title;
  frame.style.cssText = "display:block;width:100%;border:0;height:" + data.height + "px";
  frame.srcdoc = data.document;
  Object.assign(bridge, { frame: frame, digest: data.digest, ready: false });
  if (bridge.listen) { window.removeEventListener("message", bridge.listen); }
  bridge.listen = (event) => {
    if (event.source !== frame.contentWindow) { return; }
    const said = event.data;
    if (said.ready) {
      bridge.ready = true;
      frame.contentWindow.postMessage(bridge.asked, "*");
      bridge.known(data.digest);
    }
    if (said.height) { frame.style.height = said.height + "px"; }
    if (said.painted !== undefined) { root.dataset.painted = said.painted; }
    if (said.pick) { bridge.pick({ ...said.pick, at: Date.now() }); }
  };
  window.addEventListener("message", bridge.listen);
  root.replaceChildren(frame);
}
