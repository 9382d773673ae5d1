package app_test

import (
	"testing"

	"vitrine/internal/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }
