package payment

import "github.com/ankkor/ankkor/internal/secret"

// Secret is a gateway's key that no verb, logger or encoder prints.
type Secret = secret.Secret

// NewSecret hides a key, as read from the environment or a vault. Surrounding white space is kept: it would be part of
// the key.
func NewSecret(text string) Secret { return secret.New(text) }
