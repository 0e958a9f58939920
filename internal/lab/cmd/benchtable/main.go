// Command benchtable reads what `go test -bench` printed and writes one table of all
// hot paths: the path, our rate, the rival and its rate, the ratio and the goal.
//
//	go test -run - -bench . ./... | benchtable
//
// A benchmark that runs us and a rival in turn reports the median of their ratios as
// the metric "ours/<rival>", more is better, and may report rates as "ours/s" (or
// "calls/s", "orders/s") and "<rival>/s". A metric "p99-ours/<rival>" compares waiting,
// less is better. Two benchmarks that were not run in turn are compared by their ns/op
// where pairs says so; such a ratio is only as good as the machine was quiet. Of several
// runs the median counts. A goal that was not measured is listed as such. Nothing fails
// because of a number.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "benchtable:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	measured := results{}
	if err := measured.read(in); err != nil {
		return err
	}
	return table(measured).write(out)
}
