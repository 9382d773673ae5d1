/** The page of a file, and the form that changes it. */
import "./base"
import { completeTags } from "../base/tags"
import { codes } from "../viewer/codes"
import { full } from "../viewer/full"
import { keys } from "../viewer/keys"
import { likes } from "../viewer/like"
import { neighbours } from "../viewer/neighbours"
import { share } from "../viewer/share"
import { spheres } from "../viewer/spheres"
import { tabs } from "../viewer/tabs"
import { zoom } from "../viewer/zoom"

tabs()
codes()
full()
zoom()
spheres()
likes()
share()
keys()
document.querySelectorAll<HTMLInputElement>("[data-tags]").forEach(completeTags)
neighbours()
