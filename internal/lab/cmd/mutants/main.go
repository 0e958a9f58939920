// Command mutants plants each of the faults in internal/lab/mutants in a copy of the
// source and demands that the test it names goes red.
//
//	mutants [-root ../..] [-patches mutants] [-workers 2] [-part 1/4] [-v] [NAME...]
//
// With names, only these are made; with a part, only every so manieth. A run that has no
// time for all of them takes another part each time: with the name of a commit in the
// place of a number, the commit decides which. With -v it prints what the tests
// complained of.
//
// It exits 1 when one survived, or could not be made or tried, 2 when it was used
// wrongly. The tests that need servers find them in the environment: `make mutants`
// starts them.
package main

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/internal/lab/mutants"
)

// commitName is how long the name of a commit is.
const commitName = 40

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	flags.SetOutput(stderr)
	root := flags.String("root", "../..", "the module's `folder`")
	patches := flags.String("patches", "mutants", "the `folder` of the patches")
	workers := flags.Int("workers", 2, "how `many` are made at the same time")
	loud := flags.Bool("v", false, "print what the tests complained of")
	part := flags.String("part", "1/1", "which `k/n` of them, k a number or a commit")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	all, err := mutants.Load(*patches)
	if err == nil && flags.NArg() > 0 {
		all = slices.DeleteFunc(all, func(m mutants.Mutant) bool { return !slices.Contains(flags.Args(), m.Name) })
	}
	if err == nil {
		all, err = take(all, *part)
	}
	if err != nil || len(all) == 0 {
		fmt.Fprintln(stderr, "mutants: there are none, or not as they should be:", err)
		return 2
	}
	results, err := mutants.Run(ctx, mutants.Config{
		Source: *root, Mutants: all, Workers: *workers,
		Each: func(r mutants.Result) {
			mutants.Table(stdout, []mutants.Result{r})
			if *loud && r.Said != "" {
				fmt.Fprintf(stdout, "          %s\n", strings.ReplaceAll(r.Said, "\n", "\n          "))
			}
		},
	})
	if err != nil {
		fmt.Fprintln(stderr, "mutants:", err)
		return 2
	}
	killed := mutants.Count(results, mutants.Killed)
	fmt.Fprintf(stdout, "%d mutants: %d killed, %d survived, %d broken\n", len(results), killed,
		mutants.Count(results, mutants.Survived), mutants.Count(results, mutants.Broken))
	if killed < len(results) {
		return 1
	}
	return 0
}

// take is part k of n: every nth, from the kth on.
func take(all []mutants.Mutant, part string) ([]mutants.Mutant, error) {
	which, of, _ := strings.Cut(part, "/")
	n, err := strconv.Atoi(of)
	if err != nil || n < 1 {
		return nil, fmt.Errorf("-part %q is not k/n with n from 1", part)
	}
	k, err := strconv.Atoi(which)
	if len(which) == commitName {
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(which))
		k, err = 1+int(hash.Sum32()%uint32(n)), nil
	}
	if err != nil || k < 1 || k > n {
		return nil, fmt.Errorf("-part %q is not k/n with k from 1 to n, or a commit's whole name", part)
	}
	var some []mutants.Mutant
	for i := k - 1; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some, nil
}
