package app

// ExamineAddress is for the test of what the doctor says of addresses.
var ExamineAddress = examineAddress
