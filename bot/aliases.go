package bot

import "esimbot/esim"

// Rows of the store that the business owns.
type (
	// OrderEvent is esim.OrderEvent.
	OrderEvent = esim.OrderEvent
	// OrderPayment is esim.OrderPayment.
	OrderPayment = esim.OrderPayment
	// Statement is esim.Statement.
	Statement = esim.Statement
	// OutboxMessage is esim.OutboxMessage.
	OutboxMessage = esim.OutboxMessage
	// Update is esim.Update.
	Update = esim.Update
)
