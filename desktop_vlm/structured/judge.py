"""The schema's own validator, `jsonschema`, as the judge of single values; and where a `$ref` leads."""

from __future__ import annotations

import re
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.keywords import shown
from desktop_vlm.structured.searching import keywords

Schema = dict[str, Any] | bool


class Judge:
    """Validates values and finds references of one schema. Nothing is ever fetched.

    Attributes:
        is_narrowed: whether something that satisfies the schema has been left out on the way, as it could not be
            written down.
    """

    def __init__(self, root: dict[str, Any]) -> None:
        self.is_narrowed = False
        # The validator takes a tenth of a second to import, which only those pay who use a schema.
        from jsonschema import Draft202012Validator, validators
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        resource = DRAFT202012.create_resource(root)
        registry: Any = Registry()
        self.resolver: Any = registry.resolver_with_root(resource)
        self._specification = DRAFT202012
        bounded: Any = validators.extend(Draft202012Validator, keywords(Draft202012Validator.VALIDATORS))
        self._validator: Any = bounded(root, registry=registry)

    def accepts(self, schema: Schema, value: Any, resolver: Any) -> bool:
        """Whether a value satisfies a part of the schema, whose references `resolver` finds.

        Raises:
            UserError: the validator cannot tell.
        """
        from referencing.exceptions import Unresolvable

        try:
            return bool(self._validator.evolve(schema=schema, _resolver=resolver).is_valid(value))
        except Unresolvable as error:
            named = f"the reference {shown(error.ref)}" if error.ref else "a reference"
            raise UserError(f"In the schema, {named} leads nowhere within it.") from None
        except (re.error, RecursionError, ArithmeticError, LookupError) as error:
            raise UserError(f"The validator cannot judge {shown(value)} ({type(error).__name__}).") from None

    def resolve(self, reference: str, resolver: Any, where: str) -> tuple[Schema, Any]:
        """The schema that `$ref` or `$dynamicRef` names, and the resolver for references within it.

        Raises:
            UserError: it leads nowhere, or out of the schema.
        """
        try:
            found = resolver.lookup(reference)
        except Exception:  # noqa: BLE001 - every kind of malformed reference has its own exception
            raise UserError(f"In {where}, the reference {shown(reference)} leads nowhere within the schema.") from None
        if not isinstance(found.contents, dict | bool):
            raise UserError(f"In {where}, the reference {shown(reference)} does not lead to a schema.")
        return found.contents, found.resolver

    @staticmethod
    def resource(resolver: Any) -> Any:
        """The schema with an `$id` (or the whole one) that references are relative to."""
        return resolver.lookup("#").contents

    @staticmethod
    def scope(resolver: Any) -> tuple[str, ...]:
        """Addresses of the schemas with an `$id` on the way here, the outermost first: what `$dynamicRef` looks at."""
        return tuple(dict.fromkeys(reversed([uri for uri, _ in resolver.dynamic_scope()])))

    def within(self, schema: dict[str, Any], resolver: Any) -> Any:
        """The resolver for references in `schema`, whose `$id` may change what they are relative to."""
        return resolver.in_subresource(self._specification.create_resource(schema)) if "$id" in schema else resolver
