"""Hooks of Schemathesis."""

import schemathesis


@schemathesis.hook
def filter_body(context, body):
    """Leaves out JSON with a key that changes prototypes, at any depth: the documented 400, which no schema can say."""
    return not changes_prototype(body)


def changes_prototype(value):
    if isinstance(value, dict):
        return (
            "__proto__" in value
            or (isinstance(value.get("constructor"), dict) and "prototype" in value["constructor"])
            or any(map(changes_prototype, value.values()))
        )
    return isinstance(value, list) and any(map(changes_prototype, value))
