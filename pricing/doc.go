// Package pricing holds money and reads price texts.
package pricing
