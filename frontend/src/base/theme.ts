/** The choice of colours at the foot of a page, without loading the page again. */
export function themes(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement
    const button = event.submitter
    if (!form.matches("form.themes") || !(button instanceof HTMLButtonElement)) return
    event.preventDefault()
    choose(form, button)
  })
}

function choose(form: HTMLFormElement, button: HTMLButtonElement): void {
  const root = document.documentElement
  if (button.value === "system") delete root.dataset["theme"]
  else root.dataset["theme"] = button.value
  for (const other of form.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button))
  const ground = getComputedStyle(root).backgroundColor
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) meta.content = ground
  // The server keeps it in a cookie that scripts cannot read, and answers with a redirect that nobody needs.
  void fetch(`?theme=${encodeURIComponent(button.value)}`, { method: "HEAD", redirect: "manual" }).catch(() => undefined)
}
