/** Signing in, and the pages of one's own account. */
import "./base"
import { confirmForms } from "../settings/confirm"
import { revealButtons } from "../settings/reveal"

revealButtons()
confirmForms()
