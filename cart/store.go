package cart

import "context"

// Store keeps carts, one per owner. Implementations must be safe for concurrent use, also by several
// processes where they keep the carts outside the process, and they share no memory with their callers: a
// cart handed in or out may be changed afterwards without effect on what is stored.
//
// A store keeps a cart as it is; it checks versions, not rules. Times survive to the microsecond.
type Store interface {
	// Load returns the owner's cart as last saved. An owner without one gets an error that is [ErrNotFound],
	// never an empty cart: the caller could not tell it from a cart that was emptied.
	Load(ctx context.Context, owner Owner) (Cart, error)

	// Save stores c as the cart of c.Owner if the stored version is still expected, in one atomic step, and
	// returns c as stored, with the version expected+1. expected 0 means that there must be no cart. Whoever
	// comes too late gets a [*ConflictError] with the cart that is stored now, and nothing is written; the
	// same for a cart whose ID is not that of the stored one, so a cart that was deleted and made anew is never
	// overwritten by a writer who still has the old one. Where nothing is stored and expected is not 0, Current
	// is the zero cart but for its owner. c.Version does not matter, nor is it changed in the caller's cart.
	//
	// Any other error leaves open whether the cart was saved; the caller finds out by loading. Save retries
	// nothing. UpdatedAt is the caller's: the store has no clock.
	Save(ctx context.Context, c Cart, expected int64) (Cart, error)

	// Delete removes the owner's cart. Removing an absent one is no error. The versions of the next cart start
	// at 1 again; its ID is another.
	Delete(ctx context.Context, owner Owner) error
}
