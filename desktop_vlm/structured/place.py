"""Where in a schema one is: for sentences, for references, and for what else applies to the same value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.judge import Judge, Schema
from desktop_vlm.structured.keywords import ANNOTATIONS

MAX_LEVELS = 80
"""Schemas within schemas, references followed: the grammar's compiler goes as deep on its own stack."""


@dataclass(frozen=True)
class Place:
    """One schema's place.

    Attributes:
        where: for sentences: `the schema`, `"name"`, `the items of "name"`.
        judge: the validator of the whole schema.
        resolver: finds the references here.
        owner: the definition that this is applied to in place; "" within one of its values.
        level: schemas around this one.
        together: schemas that apply to the same value, the innermost last.
    """

    where: str
    judge: Judge
    resolver: Any
    owner: str = ""
    level: int = 0
    together: tuple[Mapping[str, Any], ...] = ()

    def of_same_value(self, keyword: str) -> Place:
        """A schema in `keyword` that applies to the same value."""
        return self._deeper(f'"{keyword}" of {self.where}')

    def of_part(self, where: str) -> Place:
        """A schema for a part of the value."""
        return replace(self._deeper(where), owner="", together=())

    def of_definition(self, name: str) -> Place:
        """The same place, as the definition `name`."""
        return replace(self, owner=name)

    def at_target(self, reference: str, resolver: Any) -> Place:
        """The schema that a `$ref` names."""
        where = self.where if reference == "#" else f'"{reference}"'
        return replace(self._deeper(where), resolver=resolver, together=())

    def _deeper(self, where: str) -> Place:
        if self.level >= MAX_LEVELS:
            raise UserError(f"The schema is nested too deeply in {where}; at most {MAX_LEVELS} levels can be used.")
        return replace(self, where=where, level=self.level + 1)

    def entered(self, schema: Mapping[str, Any]) -> Place:
        """The same place, with `schema` among what applies here."""
        resolver = self.judge.within(dict(schema), self.resolver) if "$id" in schema else self.resolver
        return replace(self, resolver=resolver, together=(*self.together, schema))

    def refuse(self, keyword: str, reason: str) -> UserError:
        """The sentence for a keyword that cannot be obeyed here."""
        return UserError(f'In {self.where}, "{keyword}" {reason}')

    def accepts(self, schema: Schema, value: Any) -> bool:
        """Whether a value satisfies a part of the schema that stands here.

        Raises:
            UserError: the validator cannot tell.
        """
        return self.judge.accepts(schema, value, self.resolver)

    def follow(self, schema: Schema, hops: int = 16) -> Schema:
        """`schema`, or what it refers to where it is nothing but a reference.

        A schema whose own references are relative to another `$id` is not followed.
        """
        here = self.judge.resource(self.resolver)
        while isinstance(schema, dict) and set(schema) - ANNOTATIONS == {"$ref"} and hops:
            found, resolver = self.judge.resolve(schema["$ref"], self.resolver, self.where)
            if self.judge.resource(resolver) is not here:
                break
            schema = found
            hops -= 1
        return schema
