package media

import "vitrine/internal/vitrine"

func sniff(head []byte) (vitrine.Format, error) {
	return "", vitrine.Errorf(vitrine.CodeUnrecognised, "Can't get target upload source info")
}
