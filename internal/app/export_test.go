package app

// ExamineAddress is for the test of what the doctor says of addresses.
var ExamineAddress = examineAddress

// BoundMemory is for the test of what control groups say.
var BoundMemory = boundMemory
