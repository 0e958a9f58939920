// Catalog writes a WooCommerce store's catalogue as JSON lines, one product a line. It reads whatever the store offers,
// WooGraphQL or the Store API, and goes on where it was stopped. Run it with -h for the environment it reads.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/ankkor/ankkor/examples/internal/wooenv"
)

const help = `Catalog writes a store's catalogue to standard output as JSON lines, one published product a line, variations
inside. Progress goes to standard error.

  WOO_URL=https://shop.example catalog > catalogue.jsonl
  WOO_URL=https://shop.example catalog -category kitchen
  WOO_URL=https://shop.example catalog -search mug
  WOO_URL=https://shop.example catalog -resume place.json >> catalogue.jsonl

Environment:

  WOO_URL          the site's address; required
  WOO_GRAPHQL_URL  WPGraphQL's address; WOO_URL/graphql unless set
  WOO_KEY          a REST key and its secret. Without them the catalogue is what a visitor sees; over the Store API
  WOO_SECRET       tax class, weight and the numbers of the stock are missing then
  WOO_CA           a file with a root certificate to trust beside the system's

Products come newest first, those that the shop hides from its own lists too. With -resume the place is kept in a file
after every page; run the same command again to go on from there. The file goes away at the end. A run that was killed
between writing a page and noting the place writes that page again; nothing is left out.

A product that cannot be read is a line with its id and "error".

Exit code: 0 all products were read, 1 some could not be read, 2 the command or the environment is wrong,
3 the store stopped answering (run again with -resume).

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the command line.
type options struct {
	search, category string
	resume           string
	pageSize         int
}

// run is the program without the process around it; it returns the exit code.
func run(ctx context.Context, args []string, env func(string) string, out, progress io.Writer) int {
	o, err := parse(args, out, progress)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	client, err := connect(ctx, env)
	if err != nil {
		fmt.Fprintln(progress, "catalog:", err)
		if errors.Is(err, wooenv.ErrEnvironment) {
			return 2
		}
		return 3
	}
	unreadable, err := export(ctx, client, o, env("WOO_URL"), out, progress)
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintln(progress, "catalog:", err)
		return 2
	case err != nil:
		fmt.Fprintln(progress, "catalog:", err)
		return 3
	case unreadable > 0:
		return 1
	}
	return 0
}

// errUsage is a command line that cannot be followed.
var errUsage = errors.New("usage")

func parse(args []string, out, complaints io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("catalog", flag.ContinueOnError)
	flags.SetOutput(complaints)
	flags.Usage = func() {} // help is for those who ask for it
	flags.StringVar(&o.search, "search", "", "only products that match these `words`")
	flags.StringVar(&o.category, "category", "", "only products of the category with this `slug`, and of those below it")
	flags.StringVar(&o.resume, "resume", "", "keep the place in this `file`, and begin there if it exists")
	flags.IntVar(&o.pageSize, "page", 20, "products per request, 1 to `100`")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, help)
		flags.SetOutput(out)
		flags.PrintDefaults()
		return o, err
	case err != nil:
		return o, err
	case flags.NArg() > 0:
		fmt.Fprintf(complaints, "catalog: unexpected argument %q; see -h\n", flags.Arg(0))
		return o, errUsage
	case o.pageSize < 1 || o.pageSize > 100:
		fmt.Fprintln(complaints, "catalog: -page must be 1 to 100")
		return o, errUsage
	}
	return o, nil
}
