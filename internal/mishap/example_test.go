package mishap_test

import (
	"fmt"

	"github.com/ankkor/ankkor/internal/mishap"
)

func Example() {
	type fault struct {
		Op, Kind    string
		Skip, Times int
	}
	q := mishap.New(func(f *fault) (string, *int, *int) { return f.Op, &f.Skip, &f.Times })
	q.Plant(fault{Op: "capture", Kind: "lose reply", Skip: 1})

	for range 3 {
		fmt.Printf("%q\n", q.Take("capture").Kind)
	}
	// Output:
	// ""
	// "lose reply"
	// ""
}
