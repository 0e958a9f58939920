// Doctor looks at a WooCommerce store and says what will go wrong with it in a headless shop. Run it with -h for the
// environment it reads.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo/doctor"
)

const help = `Doctor looks at a WooCommerce store and says what will go wrong with it in a headless shop, what that breaks and how
to mend it. It changes nothing.

  WOO_URL=https://shop.example WOO_KEY=ck_… WOO_SECRET=cs_… doctor
  WOO_URL=https://shop.example WOO_KEY=ck_… WOO_SECRET=cs_… doctor -json > report.json

Environment:

  WOO_URL          the site's address; required
  WOO_KEY          a REST key with its secret (WooCommerce → Settings → Advanced → REST API). Without them most
  WOO_SECRET       questions cannot be asked
  WOO_GRAPHQL_URL  WPGraphQL's address; WOO_URL/graphql unless set
  WOO_CA           a file with a root certificate to trust beside the system's

Exit code: 0 nothing is broken, 1 something is, 2 the store could not be asked, or the command or the environment is
wrong.

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the command line.
type options struct {
	json     bool
	webhook  string
	currency string
	timeout  time.Duration
}

// run is the program without the process around it; it returns the exit code.
func run(ctx context.Context, args []string, env func(string) string, out, complaints io.Writer) int {
	o, err := parse(args, out, complaints)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	report, err := examine(ctx, o, env)
	if err != nil {
		fmt.Fprintln(complaints, "doctor:", err)
	}
	if report.Store != "" {
		if failed := write(out, report, o.json); failed != nil {
			fmt.Fprintln(complaints, "doctor:", failed)
			return 2
		}
	}
	switch {
	case err != nil:
		return 2
	case report.Worst() == doctor.Breaks:
		return 1
	case unasked(report):
		fmt.Fprintln(complaints, "doctor: without WOO_KEY and WOO_SECRET most questions cannot be asked")
		return 2
	}
	return 0
}

// unasked reports whether there was no key to ask with.
func unasked(r doctor.Report) bool {
	list := r.Of(doctor.KeyRead)
	return len(list) > 0 && list[0].Severity == doctor.Unchecked
}

func examine(ctx context.Context, o options, env func(string) string) (doctor.Report, error) {
	client, currency, err := connect(ctx, env)
	if err != nil {
		return doctor.Report{}, err
	}
	want := cmp.Or(pricing.Currency(o.currency), currency) // the store's own, unless another is wanted
	return doctor.Diagnose(ctx, client, doctor.Options{Currency: want, WebhookURL: o.webhook})
}

func write(out io.Writer, r doctor.Report, asJSON bool) error {
	if !asJSON {
		return r.WriteText(out)
	}
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	encode.SetIndent("", "  ")
	return encode.Encode(r)
}

// errUsage is a command line that cannot be followed.
var errUsage = errors.New("usage")

func parse(args []string, out, complaints io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(complaints)
	flags.Usage = func() {} // help is for those who ask for it
	flags.BoolVar(&o.json, "json", false, "write the report as JSON")
	flags.StringVar(&o.webhook, "webhook", "", "the `address` where the shop receives webhooks; they are looked at then")
	flags.StringVar(&o.currency, "currency", "", "the `code` of the currency the shop should sell in, such as INR; the store's own unless set")
	flags.DurationVar(&o.timeout, "timeout", 2*time.Minute, "how `long` it may take in all")
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
		fmt.Fprintf(complaints, "doctor: unexpected argument %q; see -h\n", flags.Arg(0))
		return o, errUsage
	case o.timeout <= 0:
		fmt.Fprintln(complaints, "doctor: -timeout must be positive")
		return o, errUsage
	}
	return o, nil
}
