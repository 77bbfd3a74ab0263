package nhi
