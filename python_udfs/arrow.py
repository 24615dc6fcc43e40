"""The border between Arrow and the kernels: the only place that knows both.

``arrow_function(udf)`` turns a catalogue entry into a function from Arrow arrays to one Arrow
array, as DuckDB (``type='arrow'``) and Spark (``arrow_udf``) call it. Columns may be sliced or
chunked, encoded as dictionaries, hold NULLs, integers or decimals, or be of the null type.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from python_udfs.catalogue import FAULT_AT, Argument, Field, Udf
from python_udfs.faulty_rows import call_by_row
from python_udfs.kernels.labels import OK
from python_udfs.kernels.lists import Coded, Labels, Lists, Tables, Texts
from python_udfs.kernels.options import NOT_GIVEN, Choice, check_keys, check_number, code


def arrow_function(udf: Udf):
    """Function of Arrow columns for ``udf``; errors carry the function's name."""
    kernel = udf.load_kernel()

    def call(*columns):
        try:
            check_count(udf, len(columns))
            arguments = read_all(udf.arguments, columns)
            with np.errstate(all="ignore"):  # what is not finite gets a status
                result, *faults = call_by_row(kernel, arguments, len(columns[0]))
            return write(udf.returns, with_faults(udf.returns, result, *faults))
        except TypeError as error:
            raise TypeError(f"{udf.name}: {error}") from error
        except ValueError as error:
            raise ValueError(f"{udf.name}: {error}") from error

    call.__name__ = udf.name
    return call


def check_count(udf: Udf, given: int) -> None:
    """TypeError when a function without fixed parameters got too few or too many arguments."""
    required = sum(not argument.is_optional for argument in udf.arguments)
    if not required <= given <= len(udf.arguments):
        raise TypeError(f"expected {udf.signature}; got {given} arguments")


def read_all(arguments: tuple[Argument, ...], columns) -> list:
    """What the kernel takes: one array per argument, and per option of an options argument."""
    columns = [_one_array(column) for column in columns]
    rows = len(columns[0])
    columns += [pa.nulls(rows)] * (len(arguments) - len(columns))
    values = []
    for argument, column in zip(arguments, columns, strict=True):
        if argument.options:
            values += read_options(column, argument.options)
        else:
            values.append(read(argument, column))
    return values


def read(argument: Argument, column: pa.Array):
    """One column in the form of its argument's type."""
    if argument.choice:
        return read_choice(column, argument.choice)
    if argument.type == "DOUBLE[]":
        return read_lists(column, argument.name)
    if argument.type == "DOUBLE[][]":
        return read_tables(column, argument.name)
    if argument.type == "VARCHAR[]":
        return read_labels(column, argument.name)
    return read_numbers(column, argument.name)


def read_numbers(column: pa.Array, name: str) -> np.ndarray:
    """float64 with NaN for NULL; TypeError for anything that is not a number."""
    if not _is_numeric(column.type):
        raise TypeError(f"{name} must be numeric; got {column.type}")
    if column.type != pa.float64():
        column = column.cast(pa.float64(), safe=False)
    return column.to_numpy(zero_copy_only=False)


def read_lists(column: pa.Array, name: str) -> Lists:
    """Flat float64 values with offsets from 0; a NULL list has no values."""
    return Lists(*_read_elements(column, name, "a list of numbers", _is_numeric, read_numbers))


def read_tables(column: pa.Array, name: str) -> Tables:
    """Lists of lists of numbers; a NULL list, outer or inner, has no elements."""
    return Tables(*_read_elements(column, name, "a list of lists of numbers", _is_list, read_lists))


def read_labels(column: pa.Array, name: str) -> Labels:
    """Lists of labels, text or numbers, as codes that are equal where the labels are."""
    elements, *rows = _read_elements(column, name, "a list of labels", _is_label, _as_text)
    encoded = elements.dictionary_encode()
    codes = pc.fill_null(encoded.indices, NOT_GIVEN).to_numpy(zero_copy_only=False)
    return Labels(codes.astype(np.int64), *rows, encoded.dictionary)


def _as_text(column: pa.Array, name: str) -> pa.Array:
    return column.cast(pa.string())


def _read_elements(column, name, what, is_element, read_element):
    """(elements, offsets of the rows from 0, which rows are NULL) of a list column."""
    if pa.types.is_null(column.type):
        column = column.cast(pa.list_(pa.null()))
    if pa.types.is_fixed_size_list(column.type):
        column = column.cast(pa.list_(column.type.value_type))
    if not (_is_list(column.type) and is_element(column.type.value_type)):
        raise TypeError(f"{name} must be {what}; got {column.type}")
    if not column.null_count:  # the offsets as they are: NULL lists alone can hide elements
        offsets = column.offsets.to_numpy().astype(np.int64)
        elements = column.values.slice(offsets[0], offsets[-1] - offsets[0])
        return read_element(elements, name), offsets - offsets[0], np.zeros(len(column), bool)
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    is_null = column.is_null().to_numpy(zero_copy_only=False)
    return read_element(column.flatten(), name), offsets, is_null


def read_choice(column: pa.Array, choice: Choice) -> np.ndarray:
    """Codes of the names; the default's code (or NOT_GIVEN) for NULL; ValueError when unknown."""
    absent = NOT_GIVEN if choice.default is None else code(choice, choice.default)
    if pa.types.is_null(column.type):
        return np.full(len(column), absent, np.int64)
    if not _is_text(column.type):
        raise TypeError(f"{choice.key} must be text; got {column.type}")
    encoded = column.cast(pa.string()).dictionary_encode()
    codes = np.array([code(choice, name) for name in encoded.dictionary.to_pylist()] + [absent])
    return codes[pc.fill_null(encoded.indices, len(codes) - 1).to_numpy(zero_copy_only=False)]


def read_options(column: pa.Array, options: tuple) -> list[np.ndarray]:
    """One array per option from a STRUCT column; an option not given, or NULL, is its default.

    A column that says the same in every row, as a constant does, is read once for all batches.
    """
    rows = len(column)
    if rows > 1 and column.slice(1).equals(column.slice(0, rows - 1)):
        return [np.repeat(values, rows) for values in _read_constant(column[0], options)]
    return _read_varying(column, options)


@lru_cache(maxsize=256)
def _read_constant(scalar: pa.Scalar, options: tuple) -> list[np.ndarray]:
    return _read_varying(pa.repeat(scalar, 1), options)


def _read_varying(column, options):
    given = {}
    if pa.types.is_struct(column.type):
        names = [field.name for field in column.type]
        check_keys(names, options)
        given = dict(zip(names, map(_one_array, column.flatten()), strict=True))
    elif not pa.types.is_null(column.type):
        valid = ", ".join(option.key for option in options)
        raise TypeError(f"options must be a STRUCT with keys among {valid}; got {column.type}")
    missing = pa.nulls(len(column))
    return [_read_option(given.get(option.key, missing), option) for option in options]


def _read_option(column, option):
    if isinstance(option, Choice):
        return read_choice(column, option)
    if option.low == -np.inf:  # any number, or none
        return read_numbers(column, option.key)
    values = read_numbers(column, option.key)
    absent = column.is_null().to_numpy(zero_copy_only=False)
    for value in np.unique(values[~absent]):
        check_number(option, value)
    return np.where(absent, option.default, values)


def with_faults(fields: tuple[Field, ...], result, status, position):
    """What the kernel returned, and of rows at fault their status and where the fault is."""
    names = [field.name for field in fields]
    if FAULT_AT not in names:
        return result
    arrays, at = list(result), names.index("status")
    arrays[at] = np.where(status == OK, arrays[at], status)
    arrays.insert(names.index(FAULT_AT), np.ma.array(position, mask=position == NOT_GIVEN))
    return arrays


def write(fields: tuple[Field, ...], arrays) -> pa.Array:
    """One Arrow array: a STRUCT of the fields, or the plain array of a single unnamed field."""
    if len(fields) == 1 and not fields[0].name:
        return write_field(fields[0], arrays)
    pairs = list(zip(fields, arrays, strict=True))
    doubles = write_together([array for field, array in pairs if field.type == "DOUBLE"])
    columns = [next(doubles) if f.type == "DOUBLE" else write_field(f, a) for f, a in pairs]
    return pa.StructArray.from_arrays(columns, [field.name for field in fields])


def write_field(field: Field, values) -> pa.Array:
    """One field: NaN and infinite become NULL, codes their labels, 1 and 0 true and false."""
    if field.type == "INTEGER":
        return pa.array(values, pa.int32())
    if field.type == "BOOLEAN":
        return pa.array(values == 1, pa.bool_(), mask=values == NOT_GIVEN)
    if field.type == "VARCHAR":
        return write_codes(field.labels, values)
    if field.type in ELEMENTS:
        offsets = pa.array(values.offsets, pa.int32())
        if field.labels:
            elements = write_codes(field.labels, values.values)
        else:
            elements = ELEMENTS[field.type](values.values)
        return pa.ListArray.from_arrays(offsets, elements, mask=pa.array(values.is_null))
    return write_numbers(values)


def write_codes(labels: tuple[str, ...], codes: np.ndarray) -> pa.Array:
    """Arrow strings: the label of each code, NULL for NOT_GIVEN."""
    if codes.size and (codes == codes[0]).all() and codes[0] != NOT_GIVEN:
        return pa.repeat(labels[codes[0]], codes.size)
    indices = pa.array(codes, pa.int64(), mask=codes == NOT_GIVEN)
    return pa.array(labels, pa.string()).take(indices)


def write_numbers(values: np.ndarray) -> pa.Array:
    """Arrow doubles with NULL for whatever is not finite; float64 values are not copied."""
    values = np.ascontiguousarray(values, np.float64)
    is_finite = np.isfinite(values)
    validity = None
    if not is_finite.all():
        validity = pa.py_buffer(np.packbits(is_finite, bitorder="little"))
    return pa.Array.from_buffers(pa.float64(), values.size, [validity, pa.py_buffer(values)])


def write_together(arrays: list[np.ndarray]) -> Iterator[pa.Array]:
    """``write_numbers`` of each, in turn, cut from one array: each of its own would cost more."""
    whole = write_numbers(np.array(arrays, np.float64).ravel())
    return (whole.slice(i * len(arrays[0]), len(arrays[0])) for i in range(len(arrays)))


def write_counts(values: np.ndarray) -> pa.Array:
    """Arrow integers with NULL for whatever is not finite."""
    is_null = ~np.isfinite(values)
    return pa.array(np.where(is_null, 0, values).astype(np.int32), pa.int32(), mask=is_null)


def write_flags(values: np.ndarray) -> pa.Array:
    """Arrow booleans with NULL for whatever is not finite."""
    return pa.array(values == 1, pa.bool_(), mask=~np.isfinite(values))


def write_texts(texts: Coded | Texts) -> pa.Array:
    """Arrow strings, from codes with the texts that were read with them or from characters."""
    if isinstance(texts, Coded):
        return texts.texts.take(pa.array(texts.codes, pa.int64(), mask=texts.codes == NOT_GIVEN))
    offsets = np.concatenate([[0], np.cumsum(texts.lengths)]).astype(np.int32)
    buffers = (pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(texts.characters)))
    return pa.StringArray.from_buffers(texts.lengths.size, *buffers)


ELEMENTS = {
    "DOUBLE[]": write_numbers,
    "INTEGER[]": write_counts,
    "BOOLEAN[]": write_flags,
    "VARCHAR[]": write_texts,
}


def _is_numeric(kind):
    return (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_null(kind)
    )


def _is_list(kind):
    return (
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
        or pa.types.is_null(kind)
    )


def _is_label(kind):
    return not pa.types.is_nested(kind)


def _is_text(kind):
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _one_array(column):
    """One plain array: without chunks, and without the codes in which DuckDB's ENUM arrives."""
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column
