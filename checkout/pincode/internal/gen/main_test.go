package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout/pincode/internal/table"
)

func TestRun(t *testing.T) {
	out := filepath.Join(t.TempDir(), "packed")
	if err := run("testdata/pincodes.csv", out); err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	read, err := table.Decode(string(packed))
	if err != nil {
		t.Fatal(err)
	}
	want := []table.Entry{
		{PIN: 110001, Districts: []string{"New Delhi"}, States: []string{"DL"}, Deliverable: true},
		{PIN: 110025, Districts: []string{"South East", "Budaun"}, States: []string{"DL", "UP"}, Deliverable: true},
		{PIN: 305401, Districts: []string{"Ajmer"}, States: []string{"RJ"}},
		{PIN: 305402, Districts: []string{"Ajmer"}, States: []string{"RJ"}, Deliverable: true},
	}
	if diff := cmp.Diff(want, read.All()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRunFails(t *testing.T) {
	if err := run("testdata/none.csv", filepath.Join(t.TempDir(), "packed")); err == nil {
		t.Error("a file that is not there was read")
	}
	twice := filepath.Join(t.TempDir(), "twice.csv")
	if err := os.WriteFile(twice, []byte(header+"110001,New Delhi,Delhi,1\n110001,New Delhi,Delhi,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "packed")
	if err := run(twice, out); err == nil {
		t.Error("a PIN was packed twice")
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written although packing failed")
	}
}

const header = "pin,district,state,delivery\n"

func TestRead(t *testing.T) {
	const dadra = "The Dadra And Nagar Haveli And Daman And Diu"
	tests := map[string]row{
		"400001,Mumbai,Maharashtra,1":                          {400001, []string{"Mumbai"}, []string{"MH"}, true},
		"403522,,,0":                                           {403522, nil, nil, false},
		"396210,Daman," + dadra + ",1":                         {396210, []string{"Daman"}, []string{"DD"}, true},
		"396230,Dadra And Nagar Haveli," + dadra + ",1":        {396230, []string{"Dadra And Nagar Haveli"}, []string{"DN"}, true},
		"396215,Daman|Valsad," + dadra + "|Gujarat,1":          {396215, []string{"Daman", "Valsad"}, []string{"DD", "GJ"}, true},
		"396216,Daman|Diu," + dadra + ",1":                     {396216, []string{"Daman", "Diu"}, []string{"DD"}, true},
		"605007,Pondicherry|Cuddalore,Puducherry|Tamil Nadu,1": {605007, []string{"Pondicherry", "Cuddalore"}, []string{"PY", "TN"}, true},
	}
	for line, want := range tests {
		got, err := read(strings.NewReader(header + line + "\n"))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if diff := cmp.Diff([]row{want}, got, cmp.AllowUnexported(row{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":         "",
		"another header":  "pincode,district,state,delivery\n",
		"too few columns": header + "400001,Mumbai,Maharashtra\n",
		"no PIN":          header + "Mumbai,Mumbai,Maharashtra,1\n",
		"five digits":     header + "40000,Mumbai,Maharashtra,1\n",
		"a leading zero":  header + "040000,Mumbai,Maharashtra,1\n",
		"a new state":     header + "400001,Mumbai,Konkan,1\n",
		"a lost district": header + "396210,Valsad,The Dadra And Nagar Haveli And Daman And Diu,1\n",
		"no delivery":     header + "400001,Mumbai,Maharashtra,yes\n",
	} {
		if rows, err := read(strings.NewReader(in)); err == nil {
			t.Errorf("%s: read as %v", name, rows)
		}
	}
}

func TestEntries(t *testing.T) {
	rows := []row{
		{110001, []string{"New Delhi"}, []string{"DL"}, true},
		{305401, []string{"Ajmer"}, []string{"RJ"}, true},
		{305402, []string{"Ajmer", "Mulugu"}, []string{"RJ", "TS"}, true}, // a slip beside the truth
		{305403, nil, nil, true},                                          // told by its neighbours
		{334001, []string{"Bikaner"}, []string{"RJ"}, true},
		{334002, []string{"Raipur"}, []string{"CT"}, true},                      // a slip, and nothing else
		{505325, []string{"Jagitial", "Nizamabad"}, []string{"TS", "AP"}, true}, // a slip without a district of its own
		{505326, []string{"Jagitial", "Nizamabad"}, []string{"TS"}, true},
		{605001, []string{"Pondicherry"}, []string{"PY"}, true},
		{605012, nil, nil, true}, // the neighbours disagree
		{605101, []string{"Villupuram"}, []string{"TN"}, true},
		{706001, nil, nil, false}, // no neighbours
		{900056, []string{"Kushi Nagar"}, []string{"UP"}, true},
		{900057, nil, nil, true},
	}
	want := []table.Entry{
		{PIN: 110001, Districts: []string{"New Delhi"}, States: []string{"DL"}, Deliverable: true},
		{PIN: 305401, Districts: []string{"Ajmer"}, States: []string{"RJ"}, Deliverable: true},
		{PIN: 305402, Districts: []string{"Ajmer"}, States: []string{"RJ"}, Deliverable: true},
		{PIN: 305403, States: []string{"RJ"}, Deliverable: true},
		{PIN: 334001, Districts: []string{"Bikaner"}, States: []string{"RJ"}, Deliverable: true},
		{PIN: 334002, Districts: []string{}, States: []string{"RJ"}, Deliverable: true},
		{PIN: 505325, Districts: []string{"Jagitial", "Nizamabad"}, States: []string{"TS"}, Deliverable: true},
		{PIN: 505326, Districts: []string{"Jagitial", "Nizamabad"}, States: []string{"TS"}, Deliverable: true},
		{PIN: 605001, Districts: []string{"Pondicherry"}, States: []string{"PY"}, Deliverable: true},
		{PIN: 605012, Deliverable: true},
		{PIN: 605101, Districts: []string{"Villupuram"}, States: []string{"TN"}, Deliverable: true},
		{PIN: 706001},
		{PIN: 900056, Deliverable: true},
		{PIN: 900057, Deliverable: true},
	}
	if diff := cmp.Diff(want, entries(rows)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
