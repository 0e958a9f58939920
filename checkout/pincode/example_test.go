package pincode_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/pincode"
)

func Example() {
	directory, err := pincode.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pin := range []string{"400 001", "605007", "999999", "4000"} {
		found, err := directory.Pincode(context.Background(), pin)
		switch {
		case errors.Is(err, checkout.ErrUnknownPincode):
			fmt.Println(pin, "is not in the directory: ask for district and state")
		case err != nil:
			fmt.Println(err)
		default:
			fmt.Println(found.PIN, found.Districts, found.States)
		}
	}
	// Output:
	// 400001 [Mumbai] [MH]
	// 605007 [Pondicherry Cuddalore] [PY TN]
	// 999999 is not in the directory: ask for district and state
	// checkout: postcode: want six digits, such as 400001
}
