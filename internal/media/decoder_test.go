package media_test

func runBroken([]string) int { return 0 }
