package locale

import "golang.org/x/text/language"

// rightToLeft are the scripts that are written from right to left, by ISO 15924.
var rightToLeft = map[string]bool{
	"Adlm": true, "Arab": true, "Hebr": true, "Mand": true, "Nkoo": true, "Rohg": true, "Samr": true, "Syrc": true, "Thaa": true,
}

// Direction is "rtl" for languages written from right to left, else "ltr".
func Direction(lang string) string {
	script, _ := language.Make(lang).Script()
	if rightToLeft[script.String()] {
		return "rtl"
	}
	return "ltr"
}
