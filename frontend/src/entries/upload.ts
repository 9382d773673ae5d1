import "./base"
import { start } from "../upload/start"

start()
