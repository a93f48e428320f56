import { pathOfExpression } from '../../nodes/AlibabaCloudChatApp/actions/parameters';
import { textOf } from '../../nodes/AlibabaCloudChatApp/transport/api';

test.each([
	['={{ $json.a }}', 'a'],
	['={{$json.a.b_1[0].$c}}', 'a.b_1[0].$c'],
	['= {{ $json["E-Mail"]["x y"] }} ', '["E-Mail"]["x y"]'],
	["={{ $json['E-Mail'] }}", "['E-Mail']"],
	['={{ $json["a b"].c }}', '["a b"].c'],
	['={{ $json }}', undefined],
	['={{ $json.a + 1 }}', undefined],
	['={{ $json.a }} and more', undefined],
	['to ={{ $json.a }}', undefined],
	['={{ $json.a() }}', undefined],
	['={{ $json.9 }}', undefined],
])('the expression %s only names the path %s', (expression, path) => {
	expect(pathOfExpression(expression)).toBe(path);
});

test('a text or a number is read as text, anything else as empty', () => {
	expect([' a ', 7, null, undefined, true, {}].map(textOf)).toEqual(['a', '7', '', '', '', '']);
});
