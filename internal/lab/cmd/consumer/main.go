// Command consumer builds fresh modules that use this one, as a shop's server
// would, and checks what they inherit.
//
//	consumer [-root DIR]
//
// For each consumer it writes a module into a temporary folder, lets the go
// command resolve and build it, and reads the go.sum that comes out: a module
// there that the consumer has no use for (a rival library, a test helper, a
// browser driver, a database driver of an adapter it does not use) is a failure.
// A consumer downloads and audits what is in that file.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	root := flag.String("root", ".", "the `folder` of the module to consume")
	flag.Parse()
	if err := run(context.Background(), *root); err != nil {
		fmt.Fprintln(os.Stderr, "consumer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string) error {
	failed := 0
	for _, c := range consumers() {
		inherited, err := c.build(ctx, root)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Printf("%s inherits %s\n", c.name, strings.Join(inherited, ", "))
		for _, module := range c.unwanted(inherited) {
			fmt.Printf("%s has no use for %s\n", c.name, module)
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d modules too many", failed)
	}
	return nil
}
