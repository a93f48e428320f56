const list = (words: string) => words.trim().split(/\s+/);
const ranked = (words: string, rank: number) => list(words).map((word) => [word, rank] as const);

/** Words of keys that name another party, or no phone of a person: nothing below them is the contact's. */
export const OTHERS: ReadonlySet<string> = new Set(
	list(`owner owners agent agents assignee assignees assigned watcher watchers reviewer reviewers reporter
	committer commit edit edited modifying moderation permission permissions authors parties assistant assistants asst company companies organization
	organisation org account accounts employer creator created author modified updated editor host hosts
	organizer organiser manager managers sales salesperson rep representative support admin administrator staff operator
	consultant advisor adviser coach teacher instructor tutor doctor physician practitioner therapist lawyer attorney
	broker realtor landlord vendor supplier merchant seller store shop dealer distributor reseller parent parents mother
	father guardian child children spouse wife husband emergency kin referrer referral referred recruiter interviewer
	supervisor boss colleague friend previous prev old before former to cc bcc reply recipient receiver destination
	courier driver carrier consignee fax faxes telefax facsimile pager telex site website branch headquarters hq
	warehouse venue bank insurer insurance agency team department dept brand bot noreply birth reports
	associated associations association related linked membership memberships`),
);

/** Words that make a key say something about an email or a phone instead of holding one. */
export const ABOUT: ReadonlySet<string> = new Set(
	list(`status opt optin optout consent blacklist blacklisted verification validation count date at time timestamp type
	label domain local provider subject body html template campaign subscription subscribed unsubscribed bounce bounced
	marketing permission preference preferences extension ext os model device url link image source score quality reason
	token password notification notifications frequency signature sent opened clicked last tags language lang locale price
	ip timezone message messages list allowed enabled disabled is has can do not unique area hash md5 sha`),
);

/** Those of them that "What is your email?" and "Which number can we call you at?" have too. */
export const OF_A_QUESTION: ReadonlySet<string> = new Set(list('is at can do'));

export const EMAIL_WORDS: ReadonlySet<string> = new Set(list('email emails mail'));
/** How far back in the order a number stands that the word names; a mobile number goes first. */
export const PHONE_WORDS: ReadonlyMap<string, number> = new Map([
	...ranked('mobile mobiles cell cellular cellphone handphone msisdn gsm handy', 0),
	...ranked('whatsapp', 10),
	...ranked('phone phones telephone telephones telephon tel ph mob fone', 20),
	...ranked('sms', 30),
]);
export const COUNTRY_WORDS: ReadonlySet<string> = new Set(list('country countries'));
export const ADDRESS_WORDS: ReadonlySet<string> = new Set(list('address addresses addr'));
export const SHIPPING_WORDS: ReadonlySet<string> = new Set(list('shipping ship delivery'));
/** Where an IP address or an agency is: no place of the contact. */
export const PLACE_WORDS: ReadonlySet<string> = new Set(list('location geo geoip geolocation ip'));

/** Words beside the main one that change nothing but the order. */
export const MODIFIERS: ReadonlyMap<string, number> = new Map([
	...ranked(
		'number numbers no num nr nos value field property full raw code the a an s is what please enter of',
		0,
	),
	...ranked('primary main default preferred best current address addresses addr one 1', 1),
	...ranked('direct private personal own my your yours you', 2),
	...ranked('work business office job professional day daytime landline line', 3),
	...ranked('home evening residential', 4),
	...ranked(
		'contact customer client person lead subscriber member profile billing bill invitee attendee',
		5,
	),
	...ranked(
		'guest buyer payer patient applicant candidate student donor registrant participant requester',
		5,
	),
	...ranked('respondent text reminder order form with including and or optional required valid', 6),
	...ranked('user', 7),
	...ranked('other secondary second alternate alternative alt additional 2 3 4 5', 8),
	...ranked(
		'hs calculated sanitized normalized normalised formatted international lower case original',
		9,
	),
]);
/** Words of the people that a contact is, and of what systems put around them, in the order in which they are searched. */
export const WRAPPERS: readonly string[] = list(`
	properties property fields field attributes attribute body query data contact contacts customer customers person persons
	people lead leads subscriber subscribers record records current json merge billing
	client clients member members profile profiles patient guest guests invitee invitees attendee attendees participant
	participants requester buyer payer purchaser registrant applicant candidate student donor prospect prospects
	respondent individual tenant traveler passenger visitor shopper holder cardholder identity identities identifiers
	object objects payload item items result results response responses content contents event resource entity value values
	detail details info information custom core traits form forms submission submissions answer answers question questions
	entry entries new after params parameters input inputs output message messages change changes list lists row rows node
	nodes edges embedded included basic general personal primary main default additional extra variables vars context raw
	model doc document hit hits source batch all id ids post save add created_event merges handles channels`);
/** Objects that may be the contact or somebody who works on it: looked into when nothing else holds a contact. */
export const PERHAPS: ReadonlySet<string> = new Set(list('user sender'));
const COUNTRY_MODIFIERS = ranked('code iso alpha name region or id ref v 2 3 short long', 0);
/** Words beside "country", by how near to the contact the place is that they name. */
export const COUNTRY_RANKS: ReadonlyMap<string, number> = new Map([
	...COUNTRY_MODIFIERS,
	...ranked('residence residential contact customer person lead of hs your my the current', 0),
	...ranked('mailing', 20),
	...ranked('billing bill', 21),
	...ranked('primary main default address 1 postal', 22),
	...ranked('home private', 23),
	...ranked('work business office', 24),
	...ranked('other alternate alternative secondary alt', 26),
	...ranked('shipping ship delivery', 28),
]);
/** What makes a code the calling code of the phone beside it. */
export const DIAL_WORDS: ReadonlySet<string> = new Set(
	list('dial dialing dialling calling isd phone mobile tel telephone prefix cell whatsapp'),
);
