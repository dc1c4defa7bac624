package sandbox

import (
	"slices"
	"strings"
)

// parameters are the names of what each method takes, so that a developer is told of what Telegram would ignore
// without a word. table_test.go holds them to the Bot API's own table.
//
// Source: https://core.telegram.org/bots/api (version 10.1, read 2026-11).
var parameters = map[string]string{
	"answercallbackquery":    "cache_time callback_query_id show_alert text url",
	"answerinlinequery":      "button cache_time inline_query_id is_personal next_offset results",
	"answerprecheckoutquery": "error_message ok pre_checkout_query_id",
	"closeforumtopic":        "chat_id message_thread_id",
	"copymessage":            ofSending + "caption caption_entities from_chat_id message_id parse_mode show_caption_above_media video_start_timestamp",
	"createforumtopic":       "chat_id icon_color icon_custom_emoji_id name",
	"createinvoicelink":      "business_connection_id currency description is_flexible max_tip_amount need_email need_name need_phone_number need_shipping_address payload photo_height photo_size photo_url photo_width prices provider_data provider_token send_email_to_provider send_phone_number_to_provider subscription_period suggested_tip_amounts title",
	"deletemessage":          "chat_id message_id",
	"deletemessages":         "chat_id message_ids",
	"deletemycommands":       "language_code scope",
	"deletewebhook":          "drop_pending_updates",
	"editmessagecaption":     "business_connection_id caption caption_entities chat_id inline_message_id message_id parse_mode reply_markup show_caption_above_media",
	"editmessagemedia":       "business_connection_id chat_id inline_message_id media message_id reply_markup",
	"editmessagereplymarkup": "business_connection_id chat_id inline_message_id message_id reply_markup",
	"editmessagetext":        "business_connection_id chat_id entities inline_message_id link_preview_options message_id parse_mode reply_markup rich_message text",
	"getchat":                "chat_id",
	"getchatadministrators":  "chat_id return_bots",
	"getchatmember":          "chat_id user_id",
	"getchatmembercount":     "chat_id",
	"getfile":                "file_id",
	"getme":                  "",
	"getmycommands":          "language_code scope",
	"getmydescription":       "language_code",
	"getmyname":              "language_code",
	"getmyshortdescription":  "language_code",
	"getmystarbalance":       "",
	"getstartransactions":    "limit offset",
	"getupdates":             "allowed_updates limit offset timeout",
	"getwebhookinfo":         "",
	"leavechat":              "chat_id",
	"refundstarpayment":      "telegram_payment_charge_id user_id",
	"reopenforumtopic":       "chat_id message_thread_id",
	"sendanimation":          ofSending + "animation business_connection_id caption caption_entities duration has_spoiler height parse_mode show_caption_above_media thumbnail width",
	"sendaudio":              ofSending + "audio business_connection_id caption caption_entities duration parse_mode performer thumbnail title",
	"sendchataction":         "action business_connection_id chat_id message_thread_id",
	"senddocument":           ofSending + "business_connection_id caption caption_entities disable_content_type_detection document parse_mode thumbnail",
	"sendinvoice":            ofSending + "currency description is_flexible max_tip_amount need_email need_name need_phone_number need_shipping_address payload photo_height photo_size photo_url photo_width prices provider_data provider_token send_email_to_provider send_phone_number_to_provider start_parameter suggested_tip_amounts title",
	"sendmediagroup":         "allow_paid_broadcast business_connection_id chat_id direct_messages_topic_id disable_notification media message_effect_id message_thread_id protect_content reply_parameters",
	"sendmessage":            ofSending + "business_connection_id entities link_preview_options parse_mode text",
	"sendphoto":              ofSending + "business_connection_id caption caption_entities has_spoiler parse_mode photo show_caption_above_media",
	"sendvideo":              ofSending + "business_connection_id caption caption_entities cover duration has_spoiler height parse_mode show_caption_above_media start_timestamp supports_streaming thumbnail video width",
	"sendvideonote":          ofSending + "business_connection_id duration length thumbnail video_note",
	"sendvoice":              ofSending + "business_connection_id caption caption_entities duration parse_mode voice",
	"setmessagereaction":     "chat_id is_big message_id reaction",
	"setmycommands":          "commands language_code scope",
	"setmydescription":       "description language_code",
	"setmyname":              "language_code name",
	"setmyshortdescription":  "language_code short_description",
	"setwebhook":             "allowed_updates certificate drop_pending_updates ip_address max_connections secret_token url",
}

const ofSending = "allow_paid_broadcast chat_id direct_messages_topic_id disable_notification message_effect_id message_thread_id protect_content reply_markup reply_parameters suggested_post_parameters "

// former are names that Telegram's server still understands, though the documentation has dropped them.
var former = []string{
	"reply_to_message_id", "allow_sending_without_reply", "disable_web_page_preview",
}

// unknownTo are the parameters of a call that its method does not have, in the order of the alphabet; none of a method
// that is not known itself.
func (p *params) unknownTo(method string) []string {
	names, ok := parameters[strings.ToLower(method)]
	if !ok {
		return nil
	}
	known := strings.Fields(names)
	var out []string
	for name := range p.values {
		if !slices.Contains(known, name) && !slices.Contains(former, name) {
			out = append(out, name)
		}
	}
	for name := range p.files {
		if !slices.Contains(known, name) && !p.attached(name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// attached reports whether a parameter names an uploaded file as attach://name.
func (p *params) attached(name string) bool {
	for _, v := range p.values {
		if strings.Contains(v, "attach://"+name) {
			return true
		}
	}
	return false
}
