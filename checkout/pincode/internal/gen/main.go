// Command gen packs the PIN directory. See the README of package pincode for where its input is from.
//
//	go run ./internal/gen -csv pincodes.csv -out pincodes.bin.gz
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/ankkor/ankkor/checkout/pincode/internal/table"
)

func main() {
	in := flag.String("csv", "pincodes.csv", "the directory: pin,district,state,delivery")
	out := flag.String("out", "pincodes.bin.gz", "where to write the packed directory")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	file, err := os.Open(in)
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := read(file)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	packed, err := table.Encode(entries(rows))
	if err != nil {
		return err
	}
	return os.WriteFile(out, packed, 0o644)
}
