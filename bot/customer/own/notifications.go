package own

import (
	"context"
	"time"

	"esimbot/bot/customer/money"
	"esimbot/bot/qrcard"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n/countrynotes"
)

// notifications are what the shop tells of a customer's eSIMs by itself.
type notifications struct {
	screens *ui.Presenter
	store   interface {
		esimStore
		orderStore
		qrStore
		customerStore
	}
	gifts *esim.Gifts
	qr    *qrcard.Painter
	now   func() time.Time
	// canceller knows whether what was never used is given back before it lapses.
	canceller *esim.Canceller
	catalog   *esim.CatalogCache
	notes     countrynotes.Notes
	topUps    *esim.TopUps
	credit    money.CreditStore
	contracts *esim.Contracts
}

// qrStore keeps which messages show the QR picture of an eSIM.
type qrStore interface {
	AddQRMessage(ctx context.Context, esimID esim.ESIMID, chat int64, message int) error
	QRMessages(ctx context.Context, esimID esim.ESIMID, chat int64) ([]int, error)
}
