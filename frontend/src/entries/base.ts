/** What every page has. The other entries import this one first. */
import "../styles/style.css"
import { copyButtons } from "../base/copy"
import { menus } from "../base/menu"
import { themes } from "../base/theme"

copyButtons()
menus()
themes()
