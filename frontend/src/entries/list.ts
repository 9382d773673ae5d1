import "./base"
import { albumKeys } from "../album/keys"
import { Deeds } from "../list/deeds"
import { endless } from "../list/endless"
import { keys } from "../list/keys"
import { pictures } from "../list/pictures"
import { longTouch, Selection } from "../list/selection"

// Tabs that do not fit are scrolled to the current one.
document.querySelector(".list-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" })
pictures()
endless()
albumKeys()
const form = document.querySelector<HTMLFormElement>(".list-form")
if (form) {
  const selection = new Selection(form)
  longTouch(selection)
  keys(selection, new Deeds(selection))
}
