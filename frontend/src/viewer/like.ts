import { announce } from "../base/copy"
import { text } from "../text"

/** The heart answers at once, without leaving the page. */
export function likes(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-like]")
  form?.addEventListener("submit", (event) => {
    event.preventDefault()
    void send(form)
  })
}

async function send(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector("button")!
  const wish = form.querySelector<HTMLInputElement>("input[name=on]")!
  if (button.getAttribute("aria-busy") === "true") return
  button.setAttribute("aria-busy", "true")
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ on: wish.value }),
    })
    if (!answer.ok) throw new Error(answer.statusText)
    const { liked, likes, noun } = (await answer.json()) as { liked: boolean; likes: number; noun: string }
    wish.value = liked ? "0" : "1"
    button.setAttribute("aria-pressed", String(liked))
    button.querySelector("[data-likes]")!.textContent = String(likes)
    button.querySelector("[data-likes-noun]")!.textContent = noun
  } catch {
    announce(text("js.viewer.failed"))
  } finally {
    button.removeAttribute("aria-busy")
  }
}
