// Package pincode knows the postal index numbers of India: in which districts and state a PIN lies, and whether an office
// there delivers. It implements [checkout.PincodeDirectory] from a table that is part of the program, 19,586 PINs in
// 24 kB; it asks nobody.
//
// A directory is always older than the post office. A PIN that is not in it is [checkout.ErrUnknownPincode], which means
// "ask the customer for the state", never "refuse the address". Some PINs lie in two districts or two states, and of some
// the directory knows no district: a form fills in what is certain and leaves the rest to the customer.
//
// States are WooCommerce's codes as of WooCommerce 9.6 (Odisha is OD; Dadra and Nagar Haveli is DN, Daman and Diu is DD).
// Other releases spell some differently: compare with [checkout.SameState] before choosing from a store's own list.
//
// The README beside this file says where the data is from and how it is brought up to date.
package pincode

//go:generate go run ./internal/gen -csv pincodes.csv -out pincodes.bin.gz
