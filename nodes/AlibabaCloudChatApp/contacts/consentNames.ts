/** What a field's value means: a name alone never says no. */
export type Meaning =
	/** A yes is a no: `unsubscribed: true`. */
	| 'optOut'
	/** A no is a no: `accepts_marketing: false`. */
	| 'optIn'
	/** A state such as 'unsubscribed': `marketing_status`, `state`. */
	| 'state'
	/** Words about the contact, of which one may be such a state: `tags: ['vip', 'unsubscribed']`. */
	| 'tags'
	/** What happened to the contact: `type: unsubscribe`. */
	| 'event'
	/** When the contact left: `unsubscribed_at`. It counts unless the contact has come back since. */
	| 'leftAt'
	/** More such fields in it: `email_marketing_consent: { state }`. */
	| 'group';

/** Names, without case, accents, spaces, and punctuation. The first pattern that matches decides; see the table in test/contacts/consent.test.ts. */
export const CONSENT_NAMES: ReadonlyArray<readonly [RegExp, Meaning | 'none']> = [
	// Calls, faxes, letters, and push notifications are other channels; HubSpot's marketable status is about billing.
	[
		/donot(?:allow)?(?:phone|call|fax|post)|donotpostalmail|optedoutof(?:fax|phone|call|voice)/,
		'none',
	],
	[
		/(?:phone|call|calls|voice|fax|push|webpush|postal)(?:is)?(?:opt(?:ed)?out|blacklisted|unsub)/,
		'none',
	],
	[/push(?:is)?(?:opt|consent|subscri|notif)|optinpush|hsmarketable/, 'none'],
	[
		/^(?:contact|customer|subscriber|profile|member|user|lead)?(?:tags?|labels?|segments?)(?:list|names?)?$|^标签$/,
		'tags',
	],
	// Twilio's answer to STOP, and why a provider sends no more: a bounce isn't a no.
	[/^optouttype$|^suppressionreason$/, 'state'],
	[/(?:consent|optin)\w*(?:withdrawn|revoked|objected)(?:at|on|date|time)$/, 'leftAt'],
	[/consent(?:is)?(?:withdrawn|revoked|denied|declined)$|^(?:withdrew|revoked)consent$/, 'optOut'],
	// What is said about an opt-out isn't one.
	[
		/(?:unsubscri\w*|optout|optedout|optin|optedin|consent|subscri\w*)(?:link|urls?|token|reason\w*|mode|source|ip|method|comments?|page|form|text|level|version|hash|count|campaign\w*|by|from(?:ip|list|topic)\w*|lists?|topics?|groups?|id|ids|key|label|title|description|confirmation)$/,
		'none',
	],
	// Leaving one list or topic isn't a no to all of them. HubSpot adds a topic's number to its flag.
	[
		/(?:list|topic|group|channel|segment|category|product|webinar|weekly|monthly|digest)\w*(?:unsub|optout|optedout)/,
		'none',
	],
	[/(?:optout|optedout|unsubscribed)\d+$/, 'none'],
	[
		/(?:unsub(?:scribed?)?|optedout|optout|unsubscription|suppressed|blacklisted|blocklisted)(?:at|on|date|datetime|time|timestamp|timelocal)$/,
		'leftAt',
	],
	[/^(?:unsub\w*|optout|optedout)(?:at|on|date|time)\b/, 'leftAt'],
	[
		/opt(?:ed)?out|unsub(?:scribed?|scriptions?)?(?:from(?:all|emails?|sms|marketing|everything))?$|^unsubscribed|^unsubscribetype$/,
		'optOut',
	],
	[
		/(?:black|block|deny|suppression)list(?:ed)?$|suppressed$|marketingsuspended|excludedfrom(?:all)?(?:campaigns|marketing|mailings?|e?mails?)|markedemailasspam|^spamcomplaint$/,
		'optOut',
	],
	[
		/donot(?:disturb|contact|solicit|market|text|sms|message|send|bulkemail|bulkmail|e?mail)/,
		'optOut',
	],
	[
		/^(?:is|has)?dnd(?:all|email|sms|whatsapp|enabled|active)?$|^(?:emails?|sms|marketing)dnd$/,
		'optOut',
	],
	[/^dndsettings(?:for\w*)?$|^suppressions?$/, 'group'],
	[
		/^(?:no|stop|refuses?|rejects?|declines?)(?:emails?|sms|marketing|newsletters?|mailings?|contact)$/,
		'optOut',
	],
	[
		/widerspruch|nichtkontaktieren|nepascontacter|nocontactar|naocontactar|noncontattare|nietcontacteren|berhentiberlangganan|werbesperre|abgemeldet|abbestellt|keinewerbung|desinscrit|desabonne|dadodebaja|descadastrad|disiscritt|afgemeld|uitgeschreven|wypisan|отписа/,
		'optOut',
	],
	[
		/退订|取消订阅|取消訂閱|免打扰|勿扰|黑名单|黑名單|拒收|拒绝营销|配信停止|配信拒否|購読解除|수신거부|구독취소/,
		'optOut',
	],
	// The channels' own consents start at "no" in many systems, so they count only as a state.
	[/sms(?:marketing)?consent$|acceptssmsmarketing|smsmarketing$|canreceive/, 'group'],
	[
		/^(?:\w*marketing|\w*email|\w*newsletter|\w*gdpr|\w*messenger|\w*whatsapp)?consent(?:given|granted|status|state)?$/,
		'optIn',
	],
	[
		/accepts?(?:email|mail|newsletter)?(?:marketing|newsletter|promotions?|offers)|(?:marketing|newsletter|promotions?)(?:emails?)?(?:accepted|allowed|agreed|permission|permitted|enabled|ok)$/,
		'optIn',
	],
	[
		/cancontact$|contactable$|^mayc?contact|allows?(?:marketing|email|contact|newsletter)|(?:email|contact|mail|mailing)permission$/,
		'optIn',
	],
	[
		/opt(?:ed)?in(?:to)?(?:email|sms|phone|whatsapp|messenger|marketing|newsletter|status)?$|^(?:double)?optin|optin$/,
		'optIn',
	],
	[/^(?!list|topic|group|sms|phone|push)\w*issubscribed$/, 'optIn'],
	[
		/^(?:is|email|emailis|newsletter|marketing)?subscribed(?:(?:to|for)(?:our)?(?:marketing)?(?:emails?|newsletters?|marketing))?$|^(?:is)?newslettersubscriber$/,
		'optIn',
	],
	[
		/(?:receive|get|send|want|agree|consent|ok|happy|like|maywe|canwe|subscribeto|sign(?:me)?up|keepme|interestedin).*(?:newsletter|marketing|promotion|offers|specialdeals|marketingemails|updatesbyemail)/,
		'optIn',
	],
	[/^msg(?:email|sms|whatsapp)$/, 'optIn'],
	[
		/nyhetsbrev|nyhedsbrev|uutiskirje|hirlevel|nieuwsbrief|infolettre|뉴스레터|電子報|电子报|النشرة/,
		'optIn',
	],
	[
		/^(?:newsletters?|werbung|publicidade?|publicite|pubblicita|reclame|newsletterabo\w*|boletin(?:es)?|e?bulten|рассылка)$/,
		'optIn',
	],
	[
		/^(?:ok(?:ay)?|happy|permission|consent)to(?:receive)?(?:e?mails?|contact|market|text|sms|message)/,
		'optIn',
	],
	[
		/(?:subscribed|abonn|inscri|iscritt|suscrit|ingeschreven|zapisan).*(?:newsletter|boletin|nieuwsbrief|infolettre|e?mails?)/,
		'optIn',
	],
	[
		/(?:accepte|acept[ao]|aceit[ao]|accett[ao]|akzeptier\w*|einverstanden|ontvang|đongy|setuju).*(?:publici|pubblicit|offres|ofertas|offerte|angebote|werbung|nieuwsbrief|boletin|newsletter|marketing|e?mails?|correos)/,
		'optIn',
	],
	[
		/(?:pazarlama|eposta|sms|ticari)\w*(?:izni|onayi)|einwilligung|werbeerlaubnis|newsletteranmeldung|consentimiento|consentimento|consentement|consenso|toestemming|zgoda|samtycke|samtykke|suostumus|markkinointilupa|souhlas|suhlas|hozzajarul|согласие|موافق|הסכמה|ยนยอม/,
		'optIn',
	],
	[
		/同意(?:接收|营销|行銷)|接受营销|接收营销|营销同意|マーケティング同意|配信希望|メルマガ|마케팅동의|수신동의|^是否.*(?:订阅|訂閱|接收|推广|推廣)|(?:订阅|訂閱|接收).*(?:电子报|電子報|优惠|優惠|营销|行銷)|^メール配信$/,
		'optIn',
	],
	[
		/^(?:\w*(?:marketing|subscription|subscriber|subscribe|optin|optinout|consent|permission|email|mailing|newsletter|sms|contact|member|lead))?(?:status|state|subscribe|preference)$/,
		'state',
	],
	[
		/^(?:estado|statut|situacao|stato|stan|stav|tila|durum|stage|статус|状态|狀態|ステータス|상태|الحالة)$|^subscri(?:be|ption)type$/,
		'state',
	],
	[/^(?:\w*consent|subscription|subscriptions?status|optstatus|marketability)$/, 'state'],
	[
		/^(?:e?mailmarketing|canemail|allow(?:s|ed)?broadcasts?)$|^同意$|(?:营销|行銷)(?:许可|許可)$/,
		'optIn',
	],
	[
		/permissiontosend$|^mailinglist$|^bulke?mails?$|(?:订阅|訂閱|구독|配信|購読)(?:状态|狀態|상태|状況)$/,
		'state',
	],
	[
		/^(?:event|eventtype|eventname|type|action|metric|metricname|topic|trigger|triggername|kind|activity|activitytype|webhookevent|hook)$/,
		'event',
	],
	[
		/consent|channels?$|^subscriptions$|^marketing$|^(?:email|sms)$|^(?:primary|default)?emails?(?:address(?:es)?|addressdata|data)?$|^(?:communication|contact|marketing)?preferences$|^purposes$|permissions$|legalbas[ei]s$|^identifiers$|^gdpr$|^dsgvo$|^(?:meta|custom)(?:data|fields?|attributes)$|^extensionattributes$/,
		'group',
	],
];
