/* A text with numbered lines: what is typed is sent after a short pause, and lines at fault are marked. */
const PAUSE_MS = 350;

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector(".editor");
  const area = root.querySelector("textarea"), gutter = root.querySelector("pre");
  const self = (root.self = root.self || { revision: null, timer: 0 });
  area.setAttribute("aria-label", data.label);
  if (self.revision !== data.revision) { area.value = data.text; self.revision = data.revision; }
  self.faults = data.faults;
  const number = () => {
    const lines = area.value.split("\n").length;
    gutter.replaceChildren(...Array.from({ length: lines }, (_, index) => {
      const line = document.createElement("span");
      line.textContent = `${index + 1}\n`;
      if (self.faults.includes(index + 1)) { line.className = "fault"; }
      return line;
    }));
    area.style.height = `${lines * 20 + 24}px`;
  };
  area.setAttribute("aria-invalid", data.faults.length > 0);
  area.oninput = () => {
    number();
    clearTimeout(self.timer);
    self.timer = setTimeout(() => setStateValue("typed", { text: area.value, revision: self.revision }), PAUSE_MS);
  };
  number();
}
