() => {
  const kinds = ["click", "mouseover", "focus", "toggle", "animationstart", "error"];
  for (const element of document.querySelectorAll("article *, .md-nav a, .md-header__topic")) {
    for (const kind of kinds) element.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }));
    const isLink = element.tagName === "A" && element.hasAttribute("href");
    if (isLink && !["http:", "https:", "mailto:", "tel:"].includes(element.protocol)) {
      window.__fired.push(element.href);
    }
  }
  for (const element of document.querySelectorAll("article *, header *, nav *")) {
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith("on")) window.__fired.push(element.outerHTML);
    }
  }
  const acting = "script iframe form object embed style base link meta select textarea video audio".split(" ");
  for (const element of document.querySelectorAll(acting.map((name) => `article ${name}`).join(","))) {
    window.__fired.push(element.outerHTML);
  }
}
