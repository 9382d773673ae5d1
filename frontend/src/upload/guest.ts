import { text } from "../text"
import { find, maybe } from "./page"
import { post } from "./post"

const memory = "vitrine.guest"

/** What this browser made without an account: "<id>:<token>" of files and albums. */
interface Made { files: string[]; albums: string[] }

function read(): Made {
  try {
    return { files: [], albums: [], ...(JSON.parse(localStorage.getItem(memory) ?? "{}") as Partial<Made>) }
  } catch {
    return { files: [], albums: [] }
  }
}

/** Remembers what a guest made, the newest thousand of each. */
export function remember(kind: keyof Made, id: string, token: string): void {
  const made = read()
  const proof = `${id}:${token}`
  if (made[kind].includes(proof)) return
  made[kind] = [...made[kind], proof].slice(-1000)
  try {
    localStorage.setItem(memory, JSON.stringify(made))
  } catch {
    // Without room to store it in, the delete links are all there is.
  }
}

function forget(): void {
  try {
    localStorage.removeItem(memory)
  } catch {
    // There was nothing.
  }
}

/** Offers to who is signed in what this browser made before. */
export function offerClaim(): void {
  const form = maybe<HTMLFormElement>("[data-claim]")
  const made = read()
  if (!form || made.files.length + made.albums.length === 0) return
  const words = find("[data-claim-text]", form)
  words.textContent = text("js.upload.claim", { count: made.files.length })
  form.hidden = false
  find("[data-forget]", form).addEventListener("click", () => {
    forget()
    form.hidden = true
  })
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const fields = new URLSearchParams()
    for (const proof of made.files) fields.append("proof", proof)
    for (const proof of made.albums) fields.append("album_proof", proof)
    void post(form.action, fields).then(() => {
      forget()
      words.textContent = text("js.upload.claimed")
      for (const button of form.querySelectorAll("button")) button.remove()
    }, (error: Error) => (words.textContent = error.message))
  })
}
