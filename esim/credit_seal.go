package esim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
)

// What is paid from store credit stands in no account of a messenger. So that an older copy of the database can be told
// who spent how much since, the vendor key of such an order carries it, where that of another has a hash. To whoever does not know the
// secret, the vendor too, it is as random as the hash.

// A CreditSeal writes who paid how much store credit into vendor keys, and reads it there. A nil one does neither.
type CreditSeal struct{ secret []byte }

// NewCreditSeal returns the seal of a bot with a secret of its own. With another secret nothing of it can be read.
func NewCreditSeal(secret string) *CreditSeal {
	key := sha256.Sum256([]byte("esimbot: who paid from store credit\x00" + secret))
	return &CreditSeal{key[:]}
}

// A CreditSale is what the vendor key of an order tells that was paid from store credit.
type CreditSale struct {
	Order    OrderID
	Customer CustomerID
	Amount   Money // USD
	Quantity int
}

// What is sealed: a customer (8 bytes), US cents and, in its highest bits, the quantity (4), and a check of all (4).
const (
	sealedPlain = 12
	sealedAll   = 16
	centsBits   = 28
)

// key is the vendor key of an order. That of one that store credit pays alone is sealed; a swap says of whose eSIM it takes the
// place, which tells as much.
func (s *CreditSeal) key(o Order, sale InvoicedSale) string {
	spec, err := o.Method.Spec()
	if s == nil || err != nil || !spec.FromCredit || sale.Swaps != "" || o.Price.Currency != USD || o.Price.Minor < 0 || o.Price.Minor >= 1<<centsBits || o.Quantity < 1 || o.Quantity > 15 {
		return IdempotencyKeyOf(sale)
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(o.Customer))
	b = binary.BigEndian.AppendUint32(b, uint32(o.Quantity)<<centsBits|uint32(o.Price.Minor))
	s.mask(o.ID, b)
	return "eb-" + string(o.ID) + "-" + sealText.EncodeToString(append(b, s.check(o.ID, b)...))
}

var sealText = base32.StdEncoding.WithPadding(base32.NoPadding)

// Open reads a vendor key; false: it is none of an order that store credit paid alone, or of another bot's.
func (s *CreditSeal) Open(key string) (CreditSale, bool) {
	id, named := OrderOfIdempotencyKey(key)
	if s == nil || !named {
		return CreditSale{}, false
	}
	b, err := sealText.DecodeString(key[len("eb-")+len(id)+1:])
	if err != nil || len(b) != sealedAll || !hmac.Equal(b[sealedPlain:], s.check(id, b[:sealedPlain])) {
		return CreditSale{}, false
	}
	b = b[:sealedPlain]
	s.mask(id, b)
	rest := binary.BigEndian.Uint32(b[8:])
	return CreditSale{
		Order: id, Customer: CustomerID(binary.BigEndian.Uint64(b)), Amount: USDCents(int64(rest & (1<<centsBits - 1))), Quantity: int(rest >> centsBits),
	}, true
}

func (s *CreditSeal) mask(id OrderID, b []byte) {
	for i, m := range s.sum("mask", id, nil)[:sealedPlain] {
		b[i] ^= m
	}
}

func (s *CreditSeal) check(id OrderID, b []byte) []byte {
	return s.sum("check", id, b)[:sealedAll-sealedPlain]
}

func (s *CreditSeal) sum(what string, id OrderID, b []byte) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte(what + "\x00" + string(id) + "\x00"))
	h.Write(b)
	return h.Sum(nil)
}
