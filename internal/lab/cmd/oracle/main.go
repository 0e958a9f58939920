// Oracle holds the programs examples/quote and examples/parseprice against folders of records that a real WooCommerce
// computed, and prints how many of each file they answer alike.
//
//	go run ./cmd/oracle -root ../.. ../../pricing/testdata ../../pricing/quote/testdata
//
// The programs are given what a record asks, never its answer. Files are JSON lines, compressed or not. A file named
// after another with the version behind it (cart-totals-wc985) holds only answers; what was asked is in the other.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

var errDiffers = errors.New("the programs do not answer as WooCommerce did")

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("oracle", flag.ContinueOnError)
	root := flags.String("root", ".", "the module's `folder`")
	show := flags.Int("show", 3, "how many differences of a file are printed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("name a folder of records")
	}
	bin, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin)
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./examples/quote", "./examples/parseprice")
	build.Dir = *root
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, text)
	}
	files, err := find(flags.Args())
	if err != nil {
		return err
	}
	wrong := 0
	for _, f := range files {
		n, err := f.check(ctx, bin, out, *show)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(f.path), err)
		}
		wrong += n
	}
	if wrong > 0 {
		return errDiffers
	}
	return nil
}
