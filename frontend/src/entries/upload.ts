import "./base"
